# English. Every sentence of the page, in the syntax of Fluent (https://projectfluent.org).
#
# A message is `group-name = text`. What stands in braces is filled in:
#   { $name }            a text
#   { NUMBER($count) }   a number: 1,204
#   { DIGITS($status) }  a number as it is: 404
#   { DURATION($wait) }  a span of time: 1 min 12 s
#   { SIZE($bytes) }     the size of a file: 3.4 MB
# A message that depends on a number has a form for each of the language's plurals, see
# `gallery-results`. What begins with `#` is for you and is not shown.
#
# The other languages have the same messages with the same placeholders, in any order; the build
# names whatever is missing, unknown or different. A new message comes into this file first.

## The language itself

language-name = English
# As short as it gets: the button that changes the language.
language-short = EN
# Before the text of a form in this language.
language-letters = EN
# For `lang="…"`.
language-tag = en

## Punctuation: how two texts are put together

punctuation-list = { $first }, { $next }
punctuation-sentences = { $first } { $next }
punctuation-labeled = { $label }: { $text }

## Time

time-seconds = { DIGITS($seconds) } s
# Such as 6.4.
time-tenths = { $seconds } s
time-minutes = { DIGITS($minutes) } min
time-minutes-seconds = { DIGITS($minutes) } min { DIGITS($seconds) } s
time-hours = { DIGITS($hours) } h
time-hours-minutes = { DIGITS($hours) } h { DIGITS($minutes) } min
time-days = { DIGITS($days) } d
time-range-seconds = { DIGITS($from) }–{ DIGITS($to) } s
time-range-minutes = { DIGITS($from) }–{ DIGITS($to) } min

## Shown before the code of the page is loaded, and when it fails

shell-crashed = Something went wrong
shell-crashed-hint = Nothing stored is lost: your inputs and runs are restored when you reload.
shell-image-to-text = Image to text
shell-images = Images
shell-no-script = This page needs JavaScript. Please allow it and reload.
shell-prompt = Prompt
shell-reload = Reload
shell-seed = Seed
shell-starting = Pilotlight is starting
shell-text-to-image = Text to image
shell-unloaded = This page couldn’t start
shell-unloaded-hint = Part of it didn’t load, or your browser is too old (use a recent Chrome, Edge, Firefox or Safari). Nothing stored is lost.

## Everywhere

common-close = Close
common-copied = Copied
common-copy-failed = The browser blocked copying
common-details = Details
common-dismiss = Dismiss
common-load-nodes = Wake the GPU and load them
common-offline = You’re offline. Runs start when you’re back.
common-part-missing = Part of this page didn’t load, so you can’t run anything yet. Check your connection, then try again or reload.
common-settings = Settings
common-theme = Theme

## The form

form-advanced = Advanced
form-choose-file = Choose a file
form-choose-image = Choose an image
form-close-workflow = Close this workflow
form-decrease = Decrease
form-drop-here = Drop it here
form-drop-or-paste = or drop or paste it here
form-edit = Edit form
form-increase = Increase
form-keep-seed = Keep the last seed
form-number-of-runs = Number of runs
form-off = Off
form-on = On
form-open-workflow = Open a workflow
form-paint-mask = Paint a mask
# Stands for the name of a file.
form-pasted-text = pasted text
form-presets = Presets
# Stands for a seed.
form-random = random
form-random-seed = Random seed each time
form-remove-image = Remove image
form-replace-image = Replace
form-run = Run
form-workflows = Workflows

## The menu of all tabs

tabs-all = All workflows
tabs-close-this = Close this workflow
tabs-name = Name of the workflow
tabs-rename = Rename

## Fields of forms: what common inputs of nodes are called

input-add-noise = Add noise
input-amount = Amount
input-aspect-ratio = Aspect ratio
input-audio = Audio
input-count = Count
input-beats-per-minute = Beats per minute
input-guidance = Guidance
input-model = Model
input-text-encoder = Text encoder
input-text-encoder1 = Text encoder 1
input-text-encoder2 = Text encoder 2
input-color = Color
input-controlnet = ControlNet
input-crop = Crop
input-denoising = Denoising
input-device = Device
input-duration = Duration
input-last-step = Last step
input-end = End
input-file = File
input-file-name = File name
input-format = Format
input-frames-per-second = Frames per second
input-generate-audio = Generate audio
input-height = Height
input-image = Image
input-instruction = Instruction
input-language = Language
input-frames = Frames
input-lora = LoRA
input-lyrics = Lyrics
input-mask = Mask
input-max-answer-length = Max answer length
input-megapixels = Megapixels
input-negative-prompt = Negative prompt
input-seed = Seed
input-prompt = Prompt
input-quality = Quality
input-question = Question
input-resolution = Resolution
input-sampler = Sampler
input-scale-by = Scale by
input-scheduler = Scheduler
input-seconds = Seconds
input-shift = Shift
input-first-step = First step
input-start = Start
input-steps = Steps
input-strength = Strength
input-text-strength = Text strength
input-style = Style
input-system-prompt = System prompt
input-tags = Tags
input-temperature = Temperature
input-text = Text
input-thinking = Thinking
input-top-k = Top-k
input-top-p = Top-p
input-scaling-method = Scaling method
input-vae = VAE
input-value = Value
input-video = Video
input-watermark = Watermark
input-on = On
input-precision = Precision
input-width = Width

# Why a field can only be looked at.
fixed-drawn = Drawn in ComfyUI’s editor; sent unchanged.
fixed-several = Takes several choices at once; sent unchanged.
fixed-file = A file on the server; sent unchanged.
fixed-branches = Other choices need inputs this workflow doesn’t have; sent unchanged.
fixed-long = Too long to edit here; sent unchanged.
fixed-unknown = Can’t be edited here; sent unchanged.

# A workflow whose file has no name.
workflow-untitled = Workflow

## What is wrong with a field

problem-missing = Required.
problem-not-a-number = Enter a number.
problem-not-whole = Enter a whole number.
problem-too-small = Minimum { $min }.
problem-too-large = Maximum { $max }.
problem-not-in-list = “{ $value }” isn’t available on this server.
problem-none-installed = “{ $value }” isn’t available: none is installed on this server.
problem-offered = Available: { $options }.
problem-wrong-type = The server can’t read this value.
problem-too-long = Too long: { DIGITS($limit) } kB at most.
problem-image-missing = Choose an image first.
problem-file-missing = Choose a file first.
problem-input-missing = “{ $node }” is missing its input “{ $input }”.
problem-link-nowhere = The input “{ $input }” of “{ $node }” comes from a node that doesn’t exist.
problem-node-missing = The node “{ $class }” ({ $title }) isn’t installed on the server.
problem-no-output = This workflow has no output.
problem-server-says = The server says: { $message }
problem-seed-changes = Seeds this large get rounded on the way, so a different seed will run.
problem-control-characters = Control characters are removed.
problem-slashes-differ = The workflow names “{ $saved }”; the server lists it with other slashes.
problem-not-an-image = Your browser can’t read “{ $name }” as an image.
problem-image-too-large = The image is too large: { DIGITS($limit) } MB at most.
problem-not-an-image-type = “{ $name }” isn’t an image. Use PNG, JPEG, WebP, GIF or BMP.
problem-too-many-pixels = ComfyUI can’t read images above { DIGITS($limit) } million pixels. Scale this one down first.

## Notices about the page and its configuration

config-storage-refused = Your browser doesn’t store anything for this page. Don’t reload during a run.
config-missing = There is no config.json next to the page, so defaults are used.
config-not-json = config.json isn’t valid JSON (line { DIGITS($line) }, column { DIGITS($column) }), so defaults are used.
config-not-an-object = config.json must be a JSON object, so defaults are used.
config-unknown-key = Unknown key in config.json: { $key }
config-wrong-type = config.json: { $key } must be { $expected }; its default is used.
config-not-an-address = config.json: the endpoint “{ $value }” { $trouble }. Fix it to run anything.
config-model-missing = config.json has no model. With a direct connection to kubeai, every request needs one.
config-workflow-unreadable = Can’t use the workflow { $path }: { $detail }

# What a key of config.json must be; follows `must be`.
expected-text = text
expected-label = text, or one text each for “en” and “zh”
expected-model-name = a model name without spaces
expected-paths = a list of addresses relative to the page
expected-addresses = a list of addresses
expected-languages = a list of “en” and “zh”
expected-language = “en” or “zh”
expected-theme = “auto”, “light” or “dark”
expected-transport = “relay” or “direct”
expected-price = a number from 0
expected-amount = a number above 0
expected-seconds = a whole number of seconds from 1 to 86400
expected-seconds-range = two whole numbers of seconds, the smaller one first
expected-origins = a list of origins such as “https://shop.example”

# What is wrong with the endpoint; follows its address.
endpoint-empty = is empty
endpoint-odd-character = contains a character that isn’t allowed in addresses
endpoint-scheme = must be relative or start with http:// or https://
endpoint-no-host = has no host name
endpoint-port = has a port outside 1–65535
endpoint-credentials = contains a user name or password, which browsers don’t send
endpoint-query-or-fragment = contains a ? or #

## Where there is no result yet

empty-title = Nothing here yet
empty-hint = The first run wakes the GPU, which usually takes a minute or two.
# Follows where runs survive a reload.
empty-resumes = You can close this page meanwhile: your run will continue.

## Runs and results

run-ask-again = Ask again
run-cancel = Cancel
run-canceled = Canceled
run-canceling = Canceling
run-check-again = Check again
run-check-anyway = Check anyway
run-connecting = Connecting to the GPU
run-copy = Copy
run-copy-details = Copy details for your admin
run-copy-seed = Copy seed
run-done = Done
# A button that goes to a result that has just come.
run-done-view = Done · View
# Stands for a text without a character.
run-empty-answer = (empty answer)
# Shows a text as it came, without its formatting.
run-raw = Raw
run-download = Download
run-failed = Failed
run-fetching = Fetching results
run-incomplete = Incomplete
run-go-to-field = Go to field
run-make-again = Make it again (same seed)
run-make-another = Make another
run-make-one = Make one at a time
run-more = More
run-next = Next
run-not-answering = Not answering
run-preview = Preview
run-preview-hint = Not saved on the server: it disappears when the GPU sleeps.
run-previous = Previous
run-progress = Progress
run-queued = Queued
run-result-gone = The GPU shut down before this could be saved.
run-results = Results
run-run-again = Run again
run-running = Running
run-runs = Runs
run-sending = Sending
run-shrink-images = Shrink the image and run
# Steps of a run that are over or still to come.
run-step-fetching = Fetching results
run-step-queued = Queued
run-step-running = Running
run-step-waking = Waking the GPU
run-test-connection = Test connection
run-try-again = Try again
run-use-as-input = Use as input
run-waiting = Waiting
run-waiting-hint = Queued · free until it starts
run-waking = Waking the GPU

## What a run is doing, and how it ended

status-run-number = Run { DIGITS($number) }
status-queued-behind = Queued ({ NUMBER($ahead) } ahead)
# `range` is such as 70–110 s.
status-usually = usually { $range }
status-longer-than-usual = longer than usual
status-cluster-may-be-full = Longer than usual: the cluster may be out of GPUs. Your run is safe.
status-first-waking = A sleeping GPU usually takes a few minutes to wake. Your run is safe.
status-no-reply-for = No reply for { DURATION($time) }. The GPU may have shut down; still checking.
status-as-left = Status when you left; checking now.
status-after-this-node = The server stops once the current node finishes.
status-gateway-timeout = The gateway timed out after { DURATION($time) }; retrying.
status-gateway-answered = The gateway returned { DIGITS($status) }; retrying.
status-gateway-busy = The gateway is busy; retrying soon.
status-no-reply = No reply; retrying.
status-no-reply-direct = No reply this page can read; retrying.
status-not-comfy = The reply didn’t come from ComfyUI; retrying.
# Follows what went wrong before anything was sent.
status-run-is-safe = Your run is safe.
status-offline = You’re offline; the run starts when you’re back.
status-offline-sent = You’re offline; checking your run continues when you’re back.
status-server-stopped = The server stopped answering; checking whether your run survived.
status-reply-lost = The reply was lost; checking whether the run arrived. Nothing is sent twice.
status-woke-in = Woke in { DURATION($time) }
status-ran = Ran { $time }
status-cached = From the server’s cache: same settings as an earlier run
status-seed = seed { DIGITS($seed) }
status-nothing-came = The run finished but has nothing to show.
status-some-gone =
    { $count ->
        [one] One result is gone: the GPU shut down before it could be saved.
       *[other] { NUMBER($count) } results are gone: the GPU shut down before they could be saved.
    }
status-cancel-unconfirmed = Canceled here. The server didn’t confirm it, so the run may still finish there.
status-will-not-run = Part of the workflow won’t run: { $problem }
status-no-result-from = No result from { $titles }.

## Why a run failed: a title, and what it means

failure-access = Access denied
failure-expired = This run is old; checking it wakes the GPU
failure-interrupted = Someone stopped this run
failure-key-missing = This server needs a key
failure-key-wrong = That key didn’t work
failure-lost = The GPU shut down during your run
failure-no-reply = The server doesn’t answer
failure-no-waking = The GPU didn’t wake
failure-node = The workflow failed
failure-node-missing = A required node isn’t installed
failure-out-of-memory = Not enough GPU memory
failure-image-lost = This run’s image is gone
failure-refused = The server rejected a value
failure-setup = This page isn’t configured correctly
failure-too-large = Too large to send
failure-unknown-model = Model not found

reason-access = This page isn’t authorized; ask your admin.
reason-expired = The server has probably shut down since. Waking it costs GPU time.
reason-extension-wrong = The Pilotlight extension on the server is misconfigured and blocks everyone. The details tell your admin what to fix.
reason-image-lost = Your browser didn’t keep it after the reload. Choose it again; nothing was sent.
reason-interrupted = Another user of this server stopped it. Your inputs are still here.
reason-key-missing = Ask your admin for it. Once you enter it, your run continues; nothing is sent twice.
reason-key-wrong = It may have changed; ask your admin. Once you enter the right one, your run continues; nothing is sent twice.
reason-lost = Your run was lost; your inputs are still here.
# Said where the ComfyUI extension is missing.
reason-lost-polling = Your run was lost; your inputs are still here. To prevent this, install the Pilotlight extension in ComfyUI or set a longer shutdown delay.
reason-no-reply = Your run was sent, but we got no reply. Nothing is sent twice.
reason-no-reply-direct = Your run may have been sent, but we got no reply: check the address, network, certificate and model. Nothing is sent twice.
reason-no-waking = No GPU became available in time. Nothing was sent or computed.
reason-node = { $node }: { $message }
reason-node-silent = The node { $node } failed without giving a reason.
reason-not-sent = You left the page before the run was sent. Nothing was computed; your inputs are still here.
reason-not-reached = The server couldn’t be reached, so nothing was sent or computed. Your inputs are still here.
reason-origin-not-listed = This server only accepts pages from listed sites. Ask your admin to add this one.
reason-memory-for-image = The image is too large for this GPU.
reason-memory-for-several = Several images at once are too many for this GPU.
reason-out-of-memory = This run needs more than this GPU has. Make it smaller, or ask your admin for a larger GPU.
reason-setup = The address returned { DIGITS($status) }: it isn’t kubeai with ComfyUI, or its relay is missing.
reason-images-too-large = The gateway rejected the size of your image.
reason-too-large = The gateway rejected the size. Use shorter text, or ask your admin to allow more.
reason-unknown-model = Nothing answers at this address, or the cluster has no model by this name.

## A file that a workflow needs

# Below the name of a file.
upload-from-server = expected on the server · choose another
upload-leave-empty = Leave empty
# Below “Choose an image”.
upload-may-stay-empty = or leave it empty
upload-use = Use the file the workflow names

## Several runs

queue-about-left = about { DURATION($time) } left
queue-cancel-all = Cancel all
queue-done = { NUMBER($done) } of { NUMBER($total) } done
queue-lost =
    { $count ->
        [one] One run was lost when the GPU shut down. Your inputs are still here.
       *[other] { NUMBER($count) } runs were lost when the GPU shut down. Your inputs are still here.
    }
queue-more = and { NUMBER($count) } more
queue-moved = Run { DIGITS($number) } is now { NUMBER($place) } of { NUMBER($total) } waiting
queue-move-down = Move down
queue-move-first = Move to the front
queue-move-up = Move up
queue-pause = Pause
queue-paused = Paused
queue-paused-hint = Nothing is sent until you resume.
queue-resume = Resume
queue-run-all-again = Run all { NUMBER($count) } again
queue-prompt-list = Several prompts…
queue-waiting = { NUMBER($count) } waiting

batch-about = about { DURATION($time) }
batch-about-waking = about { DURATION($time) } including waking
batch-hint = Each line is a separate run using the form’s settings.
batch-label = One prompt per line
batch-no-room = Your browser’s storage is too full for this many runs, so none was started. Start fewer at once.
batch-of-line = Line { DIGITS($line) }: { $problem }
batch-run-all = Run all
batch-runs =
    { $count ->
        [one] { NUMBER($count) } run
       *[other] { NUMBER($count) } runs
    }
batch-times = Repeats
batch-title = Several prompts
batch-too-many = That’s { NUMBER($count) } runs; you can start { NUMBER($limit) } at once.

## Costs and limits

estimate-about = about { $cost }
# What follows `about ¥0.02`.
estimate-waking = { $waking } if the GPU has to wake
estimate-idle = up to { $idle } idle time afterwards

cost-used = GPU time used in this browser
cost-today = Today
cost-this-month = This month
cost-waking = Waking
cost-running = Running
cost-idle = Idle
cost-money = Cost
cost-total = Total
cost-idle-not-counted = Idle time isn’t included: the shutdown delay isn’t configured.
# `sum` is such as: about ¥0.02 · up to ¥0.10 idle time afterwards.
cost-about = cost { $sum }
cost-limits = Ask before a run goes over
cost-limits-hint = Leave empty for no limit.
cost-day-in = Per day ({ $unit })
cost-month-in = Per month ({ $unit })
cost-day-in-minutes = GPU minutes per day
cost-month-in-minutes = GPU minutes per month
cost-no-amount = Enter a number above 0.
cost-goes-over = This goes over your limit
cost-is-over = You’re over your limit
cost-used-today = Used today: { $used } of { $limit }.
cost-used-this-month = Used this month: { $used } of { $limit }.
cost-adds = This adds { $sum }.
cost-unknown = How much this adds isn’t known yet.
cost-continue-anyway = Continue anyway
cost-run-anyway = Run anyway
cost-not-now = Not now

## The state of the GPU, in the header

pill-asleep = GPU probably asleep
pill-asking = Connecting to the GPU
pill-awake = Awake
pill-kept-awake = Kept awake
pill-last-used = Last used { DURATION($time) } ago
pill-silent = Not answering
pill-unknown = GPU status unknown
pill-used-ago = last used { DURATION($time) } ago
pill-waking = Waking the GPU

## Waking the GPU and keeping it awake

gpu-asking = Connecting to the GPU
gpu-waking = Waking the GPU
gpu-device = GPU
gpu-comfyui = ComfyUI
gpu-usually-wakes-in = Usually wakes in
gpu-hint = The GPU sleeps when idle and wakes with your next run. Opening this doesn’t wake it.
gpu-sleeps-in = Sleeps in about { DURATION($time) } unless you run something.
gpu-may-be-asleep = It may be asleep by now.
gpu-wake-now = Wake it now
gpu-waking-costs = Waking it costs { $sum }.
# `range` is such as 70–110 s.
gpu-waking-takes = Waking it usually takes { $range }.
gpu-keep-awake = Keep it awake
gpu-for = { DURATION($time) }
gpu-for-cost = { DURATION($time) } · { $cost }
gpu-keeping-needs = To keep it awake, install the latest Pilotlight extension in ComfyUI.
gpu-stop = Stop
gpu-kept-for = Kept awake for another { DURATION($time) }.
gpu-gateway-timeout = The gateway timed out after { DURATION($time) }; retrying.
gpu-gateway-answered = The gateway returned { DIGITS($status) }; retrying.
gpu-no-reply = No reply; retrying.
gpu-is-awake = The GPU is awake.
gpu-time-is-up = Time’s up: the GPU is no longer kept awake.
gpu-keeping-stopped = Stopped: the GPU is no longer kept awake.
gpu-waking-stopped = Stopped. The GPU may still wake if it had already started.
gpu-you-were-away = You were away for { DURATION($time) }, so the GPU is no longer kept awake.
gpu-out-of-reach = The GPU hasn’t answered for too long; no longer trying.

## Notifications

notify-when-done = When a run is done
notify-notification = Notify me when I’m in another tab
notify-blocked = Notifications are blocked for this site; allow them in your browser’s site settings.
notify-sound = Play a sound
notify-offer = Waking takes a while. Notify you when it’s done?
notify-yes = Notify me
notify-no = No, thanks

## Stored results

storage-all = All results · { NUMBER($count) }
storage-delete = Delete
storage-deleted = Deleted
storage-delete-all = Delete all results
storage-delete-all-sure = Press again to delete all results
storage-title = Stored in this browser
storage-amount =
    { $count ->
        [one] { NUMBER($count) } result, { SIZE($bytes) }
       *[other] { NUMBER($count) } results, { SIZE($bytes) }
    }
storage-left = About { SIZE($bytes) } free
storage-made-room =
    { $count ->
        [one] Storage is full; the oldest result was removed.
       *[other] Storage is full; the { NUMBER($count) } oldest results were removed.
    }
storage-image-not-stored = Your browser couldn’t store this image: choose it again after a reload.
storage-results-not-stored = Your browser doesn’t store results: a reload loses them. Download what you need.
storage-runs-not-stored = Storage is too full to remember this run: stay on this page until it’s done.
storage-undo = Undo

## The gallery of all results

gallery-all-workflows = All workflows
gallery-clear = Clear selection
gallery-compare = Compare
gallery-compare-hint = Select two images to compare them.
gallery-compare-title = Compare two images
gallery-cost = Cost
gallery-delete = Delete
gallery-details = Details
gallery-differences = Differences
gallery-divider = Divider
gallery-done-selecting = Done
gallery-empty = No results yet. Everything you make is stored in this browser and shown here.
gallery-enlarge = Enlarge
gallery-export = Export
gallery-export-failed = Couldn’t write the archive.
gallery-export-too-large = Too much for one archive (4 GB or 32,000 results). Select fewer.
gallery-failure = Failed
gallery-gone = No longer on the server.
gallery-import = Import
gallery-importing = Reading the archive…
gallery-keys = Arrow keys move, Enter opens, Space selects.
gallery-no-difference = Same settings.
gallery-no-matches = No matches. Try other words, or show all.
gallery-overlay = Overlay
gallery-pin = Pin
gallery-pin-hint = Keep when storage is full
gallery-pinned = Pinned
gallery-queued = Queued
gallery-ran = Running
gallery-refused = This archive has no Pilotlight results, or it’s damaged. To open a workflow, unpack it first.
gallery-requested = Requested
gallery-run = Run
gallery-search = Search
gallery-seed = Seed
gallery-select = Select
gallery-select-all = Select all
gallery-server = ComfyUI
gallery-settings = Settings
gallery-settings-unknown = This browser didn’t store its settings.
gallery-show-all = Show all
gallery-side-by-side = Side by side
gallery-star = Star
gallery-starred = Starred
gallery-title = Gallery
gallery-undo = Undo
gallery-unpin = Unpin
gallery-unstar = Remove star
gallery-waking = Waking the GPU
gallery-workflow = Workflow

counted-results =
    { $count ->
        [one] { NUMBER($count) } result
       *[other] { NUMBER($count) } results
    }
counted-selected = { NUMBER($count) } selected
counted-deleted = { NUMBER($count) } deleted
counted-delete-sure =
    { $count ->
        [one] Press again to delete { NUMBER($count) } result
       *[other] Press again to delete { NUMBER($count) } results
    }
counted-imported =
    { $count ->
        [one] { NUMBER($count) } result imported
       *[other] { NUMBER($count) } results imported
    }
# Follow `counted-imported`, after a dot.
counted-already-here = { NUMBER($count) } already here
counted-unreadable = { NUMBER($count) } unreadable
counted-written = Writing: { NUMBER($done) } of { NUMBER($total) }

## The form editor and presets

editor-all-inputs = All inputs
editor-built-in = Built-in form: editing creates your own copy.
editor-default = Default
editor-fields = Fields
editor-heading = Heading
editor-hide = Hide
editor-hint = Hint
editor-max = Max
editor-min = Min
editor-move-down = Move down
editor-move-up = Move up
editor-name = Name
editor-no-fields = No fields yet. Choose some under “All inputs”.
editor-no-inputs = This workflow has nothing to fill in: every input is linked.
editor-no-matches = No matches.
editor-required = Required
editor-save-as-file = Save as a file
editor-saved-without-secrets = Saved without keys and passwords
editor-search-inputs = Search inputs
editor-starts-outside = The default is outside this range; change it first.
editor-stored-here = Changes are saved in this browser. Save as a file to share the form.
editor-title = Title
editor-under-advanced = Show under Advanced
editor-use-current-values = Use current values as defaults
editor-values-used = Current values are now the defaults

preset-delete = Delete
preset-name = Save current settings as (files excluded)
preset-none = None yet.
preset-save = Save

step-more-inputs =
    { $count ->
        [one] { NUMBER($count) } more; search to find it.
       *[other] { NUMBER($count) } more; search to find them.
    }
step-no-such-input = This workflow has no such input.
step-linked = This input is linked to another node.
step-twice = It’s already a field.
step-not-a-field = That isn’t a field here.
step-at-the-end = It’s already at the end.
step-empty = Enter a name in at least one language.
step-no-range = Invalid range: the minimum is above the maximum.
step-no-default = This field can’t have a default.
step-not-a-text = Only text can have a default per language.

# Where choices and limits of a form come from.
source-just-now = Options were loaded from the server just now.
source-ago = Options were loaded from the server { DURATION($time) } ago.
source-form = Options come from the form file and haven’t been checked with this server.
source-shipped = Options are those of ComfyUI itself and haven’t been checked with this server.
source-unknown = Options haven’t been loaded from the server; field types are guessed from current values.
source-load-again = Load again (wakes a sleeping GPU)
source-load = Load from the server (wakes a sleeping GPU)
source-loading = Loading; a sleeping GPU takes a few minutes to wake.
source-no-reply = The server didn’t answer; the form is unchanged.
source-same = Nothing has changed.
source-updated = Options updated from the server; your values are unchanged.
source-updated-for-now = Options updated from the server until you reload; your values are unchanged.

## Masks

mask-brush = Brush size
mask-clear = Clear
mask-discard = Discard
mask-discard-changes = Discard your changes?
mask-done = Done
mask-erase = Erase
mask-hint = Paint the area to change.
mask-invert = Invert
mask-keep-painting = Keep painting
mask-keys = Arrow keys move the brush, Space paints, Ctrl+Z undoes.
mask-mask = Mask
mask-opening = Opening the image…
mask-paint = Paint
mask-saving = Saving the mask…
mask-undo = Undo

unpaintable-too-large = The image is too large to paint on: { DIGITS($side) } pixels per side and { DIGITS($millions) } million in total at most.
unpaintable-not-drawn = This browser can’t paint on this image, or is out of memory.
unpaintable-not-stored = Couldn’t save the mask; memory may be low. Your painting is still here.

## The key that a server may need

key-enter = Enter key
key-change = Change key
key-key = Key
key-hint = Sent with each request to this server, kept until you close this tab; never included in links, files or results.
key-show = Show key
key-use = Use this key
key-forget = Forget key
key-used = Key entered
key-forgotten = Key forgotten
key-missing = This server needs a key. Ask your admin for it.
key-wrong = That key didn’t work. It may have changed; ask your admin.
key-wake-missing = This server needs a key. Enter it, then wake the GPU again.
key-wake-wrong = That key didn’t work. Enter the right one, then wake the GPU again.

## Links to a form as it is filled in

share-copy-link = Copy link
share-copied = Link copied
share-copied-without-image = Link copied without the image
share-copied-without-secrets = Link copied without keys and passwords
share-copied-without-both = Link copied without the image, keys and passwords
share-too-long = Too much for a link. Save the form as a file under “Edit form”, or send the workflow itself.
share-in-address = The link is in the address bar; copy it from there
share-filled-in = Filled in from the link
share-filled-in-after = Filled in from the link. What you had entered is under “Presets”: { $preset }
# What the name of that preset begins with.
share-before = Before the link

unshared-newer = This link was made by a newer version of this page. Reload, or ask for the workflow as a file.
unshared-too-large = This link is too large, so it wasn’t opened. Ask for the workflow as a file.
unshared-damaged = This link is incomplete or was changed, so nothing was filled in. Copy the whole link again.
unshared-form = The form in this link can’t be read ({ $place }). Ask for the workflow as a file.
unshared-no-such-form = This link is for a form that isn’t here ({ $id }). Ask for the workflow as a file.

## Settings

settings-address = Address
settings-dark = Dark
settings-direct = direct
settings-in-config = Set in config.json next to the page.
settings-language = Language
settings-light = Light
settings-live-updates = Live updates
settings-live-updates-off = off: checks every few seconds
settings-live-updates-on = on
settings-live-updates-unknown = not known yet
settings-model = Model
settings-plain-comfyui = none (plain ComfyUI)
settings-relay = via relay
settings-server = Server
settings-system-theme = System
settings-transport = Connection

insecure-title = Unencrypted connection
insecure-hint = This page was opened over plain http, so your browser turns some features off: it can’t work offline, copy to the clipboard, show notifications or protect results when the disk is full. Use only one tab: two could both continue the same run. Open it over https to use everything.

## Set-up: where the server is

setup-address = Address
setup-address-hint = Your kubeai URL (ends in /openai) or a ComfyUI URL.
setup-alaya = Alaya NeW cluster
setup-any-address = Address
setup-busy = A run is in progress. You can change the server when it’s done.
setup-by-config = To use this, set “transport” to “{ $transport }” in config.json.
setup-change = Change
setup-connection = Connection
setup-detect = Detect automatically
setup-forget = Forget
setup-intro = Where is your GPU? What you enter stays in this browser.
setup-link-lacks = The link wasn’t followed. { $why }
setup-link-not-listed = The link wasn’t followed: its server “{ $address }” isn’t listed under “endpoints” in config.json.
setup-model = Model
setup-model-hint = The deployment’s appName. Leave empty for a plain ComfyUI.
setup-namespace = Namespace
setup-no-server = No server yet. You can fill in the form; to run it, set up your GPU.
setup-other-way = The other connection doesn’t work: { $title }
setup-set-up = Set up
setup-set-up-here = Set up in this browser.
setup-stop = Stop
setup-stopped = Stopped.
setup-test = Test
setup-test-again = Test again
setup-test-costs = Testing wakes the GPU, which costs as much as waking it for a run. Free checks run first.
setup-test-free = Testing changes nothing on the server.
setup-test-title = Test connection
setup-title = Connect to ComfyUI
setup-use = Use this
setup-used = Now using this server
setup-vks-id = VKS ID
setup-where = Location

invalid-missing = Required.
invalid-not-a-name = Use only lowercase letters, digits and hyphens, with no hyphen at either end.
invalid-too-long = Namespace and ID are too long together for a host name.
invalid-model-missing = kubeai needs a model name: the deployment’s appName.
invalid-not-a-model = Model names have no spaces and at most 253 characters.
invalid-odd-character = Contains a character that isn’t allowed in addresses, such as a space.
invalid-scheme = Start with https:// or http://.
invalid-no-host = The host name is missing.
invalid-port = Ports go from 1 to 65535.
invalid-credentials = Browsers don’t send a user name or password before the @. Remove it.
invalid-query-or-fragment = Remove the ? or # and what follows.

## The connection test

test-all-well = Connected
test-extension = Extension
test-extension-there = installed
test-extension-absent = not installed: this page checks every few seconds, which may not keep the GPU awake
test-extension-locked = installed, needs a key
test-extension-unknown = unknown
test-no-reply = No reply after { DURATION($time) }; retrying.
test-gateway-answered = The gateway returned HTTP { DIGITS($status) }; retrying.
# The steps of the test.
test-link-relay = Relay answers
test-link-address = Address answers
test-link-kubeai = kubeai answers
test-link-gpu-awake = GPU is awake
test-link-gpu = Wake the GPU
test-link-comfyui = ComfyUI answers
test-link-extension-there = Extension is installed
test-link-extension = Extension
test-milliseconds = { DIGITS($ms) } ms
test-round-trip = Round trip
test-woke = Woke in

# What a test found: a title, and what to do.
finding-offline = This browser is offline
finding-offline-advice = Connect to a network, then test again.
finding-insecure = The browser blocks this address
finding-insecure-advice = This page was opened over https, so it can only reach https addresses. Set up TLS for the server, or open this page over http.
finding-not-reached = Nothing answers at this address
finding-not-reached-advice = Check the name and port, and that the server is running. A firewall or an untrusted certificate looks the same: open the address in a new tab to see.
finding-silent = No reply in time
finding-silent-advice = The address accepts connections but sent nothing for 20 s, and this step needs no GPU. Check its log.
finding-no-relay = Something else is at this address
finding-no-relay-advice = It returns HTTP { DIGITS($status) }, like a static file server. Use the address of a relay (pilotlight-relay, nginx or Caddy), of kubeai or of ComfyUI.
finding-wrong-path = There is a relay, but at another path
finding-wrong-path-advice = The relay’s address ends in /openai. Check what’s before and after that.
finding-foreign = The relay doesn’t allow this page
finding-foreign-advice = Open this page from the relay’s address, or add this page’s origin to the relay (--allow-origin, PILOTLIGHT_ALLOW_ORIGINS).
finding-unknown-host = The relay doesn’t know its own host name
finding-unknown-host-advice = Add the host name in its address to the relay (--host, PILOTLIGHT_HOSTS).
finding-login = The address redirects to another page
finding-login-advice = That’s often a login page. Open the address in a new tab, log in, then test again.
finding-gateway = The gateway can’t reach kubeai
finding-gateway-advice = The gateway returns HTTP { DIGITS($status) }; this page is fine. Test again in a few minutes, then ask your cluster admin.
finding-busy = The server is rejecting requests for now
finding-busy-advice = It gets too many (429). Wait a minute, then test again.
finding-access = Access denied
finding-access-advice = HTTP { DIGITS($status) }: a token or login is required. A relay can add a token (--token-env); a direct connection can’t.
finding-key = The extension needs a key
finding-key-advice = Everything else works. Ask your admin for the key.
finding-origin = The extension doesn’t allow this page
finding-origin-advice = It only accepts pages from listed origins. Ask your admin to add this one.
finding-guard-misconfigured = The extension is misconfigured
finding-guard-misconfigured-advice = It blocks every request. ComfyUI’s log says why.
finding-body-lost = kubeai gets requests without a body
finding-body-lost-advice = The model name is in the body. Either this isn’t a relay for kubeai, or something in between drops the body of GET requests.
finding-model-wanted = A model name is required
finding-model-wanted-advice = kubeai finds the deployment by its appName.
finding-unknown-model = kubeai has no model “{ $model }”
finding-unknown-model-advice = The model name is the deployment’s appName. Check the spelling, and that it’s deployed in this cluster.
finding-never-ready = The GPU didn’t wake
finding-never-ready-advice = Waited { DURATION($time) }. No GPU may be free, or the deployment may not start; check your cluster.
finding-origin-refused = ComfyUI rejects this page
finding-origin-refused-advice = Start ComfyUI with --enable-cors-header, or add this page to PILOTLIGHT_ORIGINS of its extension.
finding-hidden = The server answers, but this page can’t read it
finding-hidden-advice = The browser doesn’t say why. A relay may not list this page (--allow-origin); ComfyUI may run without --enable-cors-header, and its extension not list this page; kubeai may have no model “{ $model }”; or the gateway failed. A relay that lists this page can tell.
finding-cors-off = The server answers, but not to this page
finding-cors-off-advice = If it’s ComfyUI, start it with --enable-cors-header, or add this page to PILOTLIGHT_ORIGINS of its extension.
finding-no-extension = ComfyUI doesn’t have the extension
finding-no-extension-advice = A direct connection needs it. Put deploy/comfyui/pilotlight into custom_nodes and restart ComfyUI, or use a relay.
finding-odd = Unexpected reply
finding-odd-advice = HTTP { DIGITS($status) }: something in between may be answering. The full reply is below.
finding-upstream-unreachable = The relay can’t reach the server
finding-upstream-unreachable-advice = Check the relay’s --upstream address, and that it can reach that host and port.
finding-upstream-untrusted = The relay doesn’t trust the server’s certificate
finding-upstream-untrusted-advice = For a self-signed certificate use --ca FILE. Otherwise it has expired or is for another name.
finding-upstream-tls = Relay and server can’t agree on encryption
finding-upstream-tls-advice = The server may speak plain http on this port: check the scheme and port of --upstream.
finding-upstream-cut-off = The server closes the relay’s connection
finding-upstream-cut-off-advice = It did so before replying. Check that --upstream is the address of kubeai or ComfyUI, and check its log.
finding-upstream-redirected = The server redirects the relay
finding-upstream-redirected-advice = The relay doesn’t follow redirects: give it the new address. If that’s a login page, it needs a token (--token-env).
finding-upstream-silent = The relay gets no reply from the server
finding-upstream-silent-advice = Check the address behind the relay, and that it trusts the certificate there. The relay’s log tells more.

## Opening files and links

# An image that was opened and contains no workflow: the form’s field now has it.
opening-image-used = “{ $name }” contains no workflow; it’s now the image of “{ $field }”.
opening-file = Opening { $address } …
opening-left-out = “{ $name }” also has parts that aren’t nodes of the workflow; they were left out: { $names }.
opening-untaken = “{ $name }” contains values that its nodes have no input for. They aren’t sent: { $values }.

# Each is one sentence.
unlinked-scheme = Can’t open “{ $address }”: links only work for http and https addresses or files next to this page; download the file and open that.
unlinked-credentials = Can’t open “{ $address }”: browsers don’t send the user name and password in an address; download the file and open that.
unlinked-server = Can’t open “{ $address }”: it’s on the ComfyUI server, and a link must not wake the GPU; download the file and open that.
unlinked-foreign = Can’t load “{ $address }”: its site doesn’t answer or doesn’t allow this page to read it; download the file and open that.
unlinked-no-reply = Can’t load “{ $address }”: no reply; check your network and try again.
unlinked-not-found = “{ $address }” is neither a form here nor an existing file (HTTP { DIGITS($status) }); check the link.
unlinked-status = Can’t load “{ $address }”: the site returned HTTP { DIGITS($status) }; open the address in a new tab, download the file and open that.
unlinked-broken-off = “{ $address }” didn’t load completely; try again, or download the file and open that.

# Each is one sentence. `kind` is one of the kinds below.
unopened-empty = “{ $name }” is empty; save it again and open that.
unopened-too-large = “{ $name }” is larger than { DIGITS($limit) } MB, too large for this page; open just the workflow, saved as JSON.
unopened-cut = “{ $name }” is { $kind } that ends too early; download or copy it again.
unopened-not-json = “{ $name }” isn’t valid JSON from line { DIGITS($line) } on; fix it there or export it from ComfyUI again.
unopened-encoding = “{ $name }” has an unknown text encoding; save it as UTF-8.
unopened-no-workflow = “{ $name }” is { $kind } without a workflow, maybe saved again by another program; open the original file from ComfyUI, or the workflow as JSON.
unopened-archive = “{ $name }” is { $kind }; unpack it and open the workflow inside.
unopened-html = “{ $name }” is { $kind }, maybe a login page; download the file itself and open that.
unopened-weights = “{ $name }” contains { $kind }, for ComfyUI’s folder “models”; open a workflow that uses it.
unopened-other = “{ $name }” is { $kind }; open a workflow saved as JSON, or an image, video, audio file or 3D model that ComfyUI saved.
unopened-no-nodes = “{ $name }” is a workflow without nodes; open another one.
unopened-not-a-node = In the workflow “{ $name }”, “{ $node }” isn’t a valid node; export it from ComfyUI again.
unopened-too-many-nodes = The workflow “{ $name }” has more than { DIGITS($limit) } nodes; split it in ComfyUI.
unopened-too-deep = The workflow “{ $name }” has values nested more than { DIGITS($limit) } levels deep; simplify it in ComfyUI.
unopened-package = The Pilotlight workflow “{ $name }” has a mistake at { $place }; fix it there.

kind-png = a PNG image
kind-webp = a WebP image
kind-flac = a FLAC file
kind-ogg = an Ogg file
kind-mp3 = an MP3 file
kind-json = a JSON file
kind-jpeg = a JPEG image
kind-gif = a GIF image
kind-avif = an AVIF or HEIC image
kind-image = an image of another kind
kind-xml = an SVG drawing or other XML
kind-video = a video
kind-audio = an audio file of another kind
kind-glb = a 3D model
kind-weights = the weights of a model
kind-archive = an archive
kind-pdf = a PDF document
kind-html = a web page
kind-text = a plain text file
kind-object-info = a server’s list of nodes
kind-history = a history of runs
kind-other-json = JSON without a workflow
kind-unknown = an unknown type of file

## Workflows of the ComfyUI editor that can’t be converted

unconverted-not-json = The file isn’t valid JSON (line { DIGITS($line) }, column { DIGITS($column) }). Save it again in the editor.
unconverted-not-a-graph = This isn’t a workflow from the editor: it, or a subgraph in it, has no list of nodes. Save it again in the editor.
unconverted-too-large = The workflow is too large: { DIGITS($limit) } MB at most. Remove what it doesn’t need.
unconverted-too-many-nodes = The workflow has more than { DIGITS($limit) } nodes, counting subgraphs each time they’re used. Split it.
unconverted-too-many-slots = Node “{ $node }” has more than { DIGITS($limit) } inputs or outputs. Remove unused ones.
unconverted-too-deep = Subgraphs are nested more than 32 levels deep. Unpack some of them in the editor.
unconverted-too-tangled = The links pass through too many reroutes and subgraphs. Link the nodes directly.
unconverted-too-much = Its subgraphs make the workflow too large to send. Use them less often.
unconverted-too-many-braces = Braces in a text of node “{ $node }” are nested more than 32 levels deep. Remove some.
unconverted-nameless-node = A node has no id or no type. Save the workflow again in the editor.
unconverted-not-a-node = Node “{ $node }” has no type. Save the workflow again in the editor.
unconverted-same-id = Two nodes have the id “{ $node }”. Save the workflow again in the editor.
unconverted-not-a-link = An entry in the list of links isn’t a link. Save the workflow again in the editor.
unconverted-other-version = The links don’t match the version of the file. Save the workflow again in the editor.
unconverted-link-to-nothing = The input “{ $input }” of node “{ $node }” is linked to a node that doesn’t exist. Fix it in the editor.
unconverted-loop = The links to the input “{ $input }” of node “{ $node }” form a loop. Break it in the editor.
unconverted-subgraph-in-itself = The subgraph “{ $node }” contains itself. Move it out of itself in the editor.
unconverted-group-node = What the group node “{ $node }” contains is missing from the file or damaged. Open the workflow in the ComfyUI editor, repair the group node, and save it again.
unconverted-missing-classes = This workflow uses nodes this page hasn’t seen: { $classes }. Wake the GPU to load them?

## The page in a frame of another site: for visitors, and for the developer of that site

embed-not-here = This page can’t be shown inside another site
embed-not-here-why = Clicks here can cost money, and the site around it could trick you into one. Open it in its own tab.
embed-open-alone = Open in its own tab
embed-values-not-set = Some values in this page’s address weren’t used: { $problems }
embed-unknown-part = “{ $name }” in this page’s address (show) isn’t a part of it.
embed-unknown-language = “{ $name }” in this page’s address (lang) isn’t a supported language.
embed-unknown-theme = “{ $name }” in this page’s address (theme) isn’t auto, light or dark.
embed-values-not-json = The values in this page’s address aren’t a JSON object.
embed-newer = The message uses version { DIGITS($version) } of the protocol; this page supports version { DIGITS($supported) }.
embed-too-large = The message is larger than { DIGITS($limit) } kB.
embed-unknown-type = There is no message type “{ $name }”.
embed-unknown-member = Messages of this type have no “{ $name }”.
embed-wrong-member = The message has no valid “{ $name }”.
embed-no-field = The form has no field “{ $name }”, or several.
embed-is-file = Only a person can choose a file.
embed-read-only = This value is read-only.
# Stands where the form has no sentence of its own.
embed-does-not-fit = The value isn’t valid.
embed-too-many-values = A form has at most { DIGITS($limit) } values.
embed-no-such-language = This page doesn’t offer that language.
embed-no-such-run = This frame has no such run.
embed-nothing-to-cancel = Nothing is running here.
embed-nothing-to-run = There is no form to run.
embed-asking = The visitor is being asked about a limit; try again afterwards.
embed-opening = A requested workflow is still opening; try again afterwards.
embed-too-soon = A run was requested less than half a second ago; this counts as the same click.
embed-invalid-fields = The values can’t be run as they are.
embed-no-endpoint = No server is configured.
embed-not-confirmed = This would go over a spending limit, and nobody confirmed it.
embed-no-room = The browser’s storage is too full for these runs, so none was started.
