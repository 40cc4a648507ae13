# 中文。写法见 en.ftl：每条消息与英文同名，花括号里的内容也相同，顺序可以不同。
# 用语：服务器、插件、任务、图片、唤醒、休眠、刷新。

## The language itself

language-name = 中文
language-short = 中文
language-letters = 中
language-tag = zh-CN

## Punctuation: how two texts are put together

punctuation-list = { $first }、{ $next }
punctuation-sentences = { $first }{ $next }
punctuation-labeled = { $label }：{ $text }

## Time

time-seconds = { DIGITS($seconds) } 秒
time-tenths = { $seconds } 秒
time-minutes = { DIGITS($minutes) } 分钟
time-minutes-seconds = { DIGITS($minutes) } 分 { DIGITS($seconds) } 秒
time-hours = { DIGITS($hours) } 小时
time-hours-minutes = { DIGITS($hours) } 小时 { DIGITS($minutes) } 分钟
time-days = { DIGITS($days) } 天
time-range-seconds = { DIGITS($from) }–{ DIGITS($to) } 秒
time-range-minutes = { DIGITS($from) }–{ DIGITS($to) } 分钟

## 页面代码加载之前，以及出错时

shell-crashed = 页面出错了
shell-crashed-hint = 已保存的内容不会丢失：刷新后，填写的内容和进行中的任务都会恢复。
shell-image-to-text = 图片理解
shell-images = 数量
shell-no-script = 此页面需要 JavaScript，请启用后刷新。
shell-prompt = 提示词
shell-reload = 刷新
shell-seed = 随机种子
shell-starting = Pilotlight 正在启动
shell-text-to-image = 文生图
shell-unloaded = 页面无法启动
shell-unloaded-hint = 部分文件未能加载，或浏览器版本过旧（请使用较新的 Chrome、Edge、Firefox 或 Safari）。已保存的内容不会丢失。

## Everywhere

common-close = 关闭
common-copied = 已复制
common-copy-failed = 浏览器不允许复制
common-details = 详情
common-dismiss = 关闭
common-load-nodes = 唤醒 GPU 并加载
common-offline = 网络已断开，恢复后任务会自动开始。
common-part-missing = 页面没有完全加载，暂时无法运行。请检查网络，然后重试或刷新页面。
common-settings = 设置
common-theme = 主题

## The form

form-advanced = 高级选项
form-choose-file = 选择文件
form-choose-image = 选择图片
form-close-workflow = 关闭此工作流
form-decrease = 减少
form-drop-here = 松开即可添加
form-drop-or-paste = 或拖放、粘贴到此处
form-edit = 编辑表单
form-increase = 增加
form-keep-seed = 沿用上次的种子
form-number-of-runs = 运行次数
form-off = 关
form-on = 开
form-open-workflow = 打开工作流
form-paint-mask = 涂抹蒙版
form-pasted-text = 粘贴的文本
form-presets = 预设
form-random = 随机
form-random-seed = 每次随机
form-remove-image = 移除图片
form-replace-image = 更换
form-run = 生成
form-workflows = 工作流

## 全部标签页

tabs-all = 全部工作流
tabs-close-this = 关闭此工作流
tabs-name = 工作流名称
tabs-rename = 重命名

## Fields of forms: what common inputs of nodes are called

input-add-noise = 添加噪声
input-amount = 量值
input-aspect-ratio = 宽高比
input-audio = 音频
input-count = 数量
input-beats-per-minute = 每分钟节拍数
input-guidance = 引导强度
input-model = 模型
input-text-encoder = 文本编码器
input-text-encoder1 = 文本编码器 1
input-text-encoder2 = 文本编码器 2
input-color = 颜色
input-controlnet = ControlNet 模型
input-crop = 裁剪
input-denoising = 降噪强度
input-device = 设备
input-duration = 时长
input-last-step = 结束步数
input-end = 结束位置
input-file = 文件
input-file-name = 文件名前缀
input-format = 格式
input-frames-per-second = 帧率
input-generate-audio = 生成声音
input-height = 高度
input-image = 图片
input-instruction = 指令
input-language = 语言
input-frames = 帧数
input-lora = LoRA 模型
input-lyrics = 歌词
input-mask = 蒙版
input-max-answer-length = 最长回答
input-megapixels = 百万像素
input-negative-prompt = 反向提示词
input-seed = 随机种子
input-prompt = 提示词
input-quality = 质量
input-question = 问题
input-resolution = 分辨率
input-sampler = 采样器
input-scale-by = 缩放倍数
input-scheduler = 调度器
input-seconds = 秒数
input-shift = 偏移
input-first-step = 起始步数
input-start = 起始位置
input-steps = 步数
input-strength = 强度
input-text-strength = 对文本的强度
input-style = 风格
input-system-prompt = 系统提示词
input-tags = 标签
input-temperature = 温度
input-text = 文本
input-thinking = 思考模式
input-top-k = Top-k 采样
input-top-p = Top-p 采样
input-scaling-method = 缩放算法
input-vae = VAE 模型
input-value = 数值
input-video = 视频
input-watermark = 水印
input-on = 启用
input-precision = 精度
input-width = 宽度

fixed-drawn = 需要在 ComfyUI 编辑器中绘制，按原样提交。
fixed-several = 可同时选择多项，按原样提交。
fixed-file = 这是服务器上的文件，按原样提交。
fixed-branches = 换成其他选项还需要此工作流没有的输入，按原样提交。
fixed-long = 内容过长，无法在此编辑，按原样提交。
fixed-unknown = 这类值无法在此编辑，按原样提交。

workflow-untitled = 工作流

## What is wrong with a field

problem-missing = 请填写此项。
problem-not-a-number = 请填写数字。
problem-not-whole = 请填写整数。
problem-too-small = 最小值为 { $min }。
problem-too-large = 最大值为 { $max }。
problem-not-in-list = 服务器没有“{ $value }”这个选项。
problem-none-installed = “{ $value }”不可用：服务器上一个都没有安装。
problem-offered = 可选：{ $options }。
problem-wrong-type = 服务器无法识别这个值。
problem-too-long = 内容过长，最多 { DIGITS($limit) } kB。
problem-image-missing = 请先选择图片。
problem-file-missing = 请先选择文件。
problem-input-missing = 节点“{ $node }”缺少输入“{ $input }”。
problem-link-nowhere = 节点“{ $node }”的输入“{ $input }”连接到一个不存在的节点。
problem-node-missing = 服务器未安装节点“{ $class }”（{ $title }）。
problem-no-output = 这个工作流没有任何输出。
problem-server-says = 服务器提示：{ $message }
problem-seed-changes = 种子过大，传输时会被取整，实际使用的将是另一个种子。
problem-control-characters = 控制字符会被去掉。
problem-slashes-differ = 工作流里写的是“{ $saved }”，服务器上的名称只是斜杠不同，将使用服务器上的名称。
problem-not-an-image = 浏览器无法读取图片“{ $name }”。
problem-image-too-large = 图片过大，最大 { DIGITS($limit) } MB。
problem-not-an-image-type = “{ $name }”不是图片。支持 PNG、JPEG、WebP、GIF 和 BMP。
problem-too-many-pixels = 图片超过 { DIGITS($limit) } 百万像素，ComfyUI 无法读取，请先缩小。

## Notices about the page and its configuration

config-storage-refused = 浏览器不允许本页保存数据，任务进行中请不要刷新。
config-missing = 页面旁没有 config.json，已使用默认设置。
config-not-json = config.json 第 { DIGITS($line) } 行第 { DIGITS($column) } 列不是有效的 JSON，已使用默认设置。
config-not-an-object = config.json 应为花括号括起的 JSON 对象，已使用默认设置。
config-unknown-key = config.json 中有未知的项：{ $key }
config-wrong-type = config.json：{ $key } 应为{ $expected }，已使用默认值。
config-not-an-address = config.json：地址“{ $value }”{ $trouble }，修正之前无法运行。
config-model-missing = config.json 没有指定模型；直连 kubeai 时每个请求都需要模型名。
config-workflow-unreadable = 无法使用工作流 { $path }：{ $detail }

expected-text = 文本
expected-label = 文本，或分别给出“en”和“zh”
expected-model-name = 不含空格的模型名
expected-paths = 相对于页面的地址列表
expected-addresses = 地址列表
expected-languages = “en”和“zh”的列表
expected-language = “en”或“zh”
expected-theme = “auto”、“light”或“dark”
expected-transport = “relay”或“direct”
expected-price = 不小于 0 的数字
expected-amount = 大于 0 的数字
expected-seconds = 以秒为单位的整数（1 到 86400）
expected-seconds-range = 两个以秒为单位的整数，较小的在前
expected-origins = 网站来源列表，如“https://shop.example”

endpoint-empty = 为空
endpoint-odd-character = 含有地址中不允许的字符
endpoint-scheme = 既不是相对地址，也不以 http:// 或 https:// 开头
endpoint-no-host = 没有主机名
endpoint-port = 的端口不是 1 到 65535 之间的数字
endpoint-credentials = 含有用户名或密码，浏览器不会发送
endpoint-query-or-fragment = 含有 ? 或 #

## 还没有结果时

empty-title = 还没有结果
empty-hint = 第一次运行会唤醒 GPU，通常需要一两分钟。
empty-resumes = 期间可以关闭页面，任务会继续。

## Runs and results

run-ask-again = 再问一次
run-cancel = 取消
run-canceled = 已取消
run-canceling = 正在取消
run-check-again = 再查一次
run-check-anyway = 仍要查询
run-connecting = 正在连接 GPU
run-copy = 复制
run-copy-details = 复制详情给管理员
run-copy-seed = 复制种子
run-done = 已完成
run-done-view = 已完成 · 查看
run-empty-answer = （回答为空）
run-raw = 原文
run-download = 下载
run-failed = 失败
run-fetching = 正在取回结果
run-incomplete = 结果不完整
run-go-to-field = 去修改
run-make-again = 重新生成（相同种子）
run-make-another = 再生成一次
run-make-one = 改为一次一张
run-more = 更多
run-next = 下一张
run-not-answering = 没有响应
run-preview = 预览
run-preview-hint = 服务器不保存，GPU 休眠后即消失。
run-previous = 上一张
run-progress = 进度
run-queued = 排队中
run-result-gone = GPU 已关闭，结果没来得及保存。
run-results = 结果
run-run-again = 重新生成
run-running = 运行中
run-runs = 任务
run-sending = 正在提交
run-shrink-images = 缩小图片并运行
run-step-fetching = 取回结果
run-step-queued = 排队
run-step-running = 运行
run-step-waking = 唤醒 GPU
run-test-connection = 检查连接
run-try-again = 重试
run-use-as-input = 作为输入图
run-waiting = 等待中
run-waiting-hint = 排队中 · 开始前不产生费用
run-waking = 正在唤醒 GPU

## What a run is doing, and how it ended

status-run-number = 任务 { DIGITS($number) }
status-queued-behind = 排队中（前面还有 { NUMBER($ahead) } 个）
status-usually = 通常需要 { $range }
status-longer-than-usual = 比平时久
status-cluster-may-be-full = 比平时久，集群可能暂时没有空闲 GPU。你的任务不会丢。
status-first-waking = 唤醒休眠的 GPU 通常需要几分钟。你的任务不会丢。
status-no-reply-for = 已 { DURATION($time) }没有响应，GPU 可能已关闭；页面会继续查询。
status-as-left = 这是离开时的状态，正在查询最新进展。
status-after-this-node = 当前节点运行完后才会停止。
status-gateway-timeout = 网关 { DURATION($time) }未等到响应，正在重试。
status-gateway-answered = 网关返回 { DIGITS($status) }，正在重试。
status-gateway-busy = 网关繁忙，稍后自动重试。
status-no-reply = 没有响应，正在重试。
status-no-reply-direct = 没有收到可读取的响应，正在重试。
status-not-comfy = 响应的不是 ComfyUI，正在重试。
status-run-is-safe = 你的任务不会丢。
status-offline = 网络已断开，恢复后会自动开始。
status-offline-sent = 网络已断开，恢复后会继续查询任务。
status-server-stopped = 服务器没有响应，正在确认任务是否还在。
status-reply-lost = 响应丢失，正在确认任务是否已送达。不会重复提交。
status-woke-in = 唤醒 { DURATION($time) }
status-ran = 运行 { $time }
status-cached = 来自服务器缓存：之前用相同的参数运行过
status-seed = 种子 { DIGITS($seed) }
status-nothing-came = 运行成功，但没有可显示的结果。
status-some-gone = GPU 已关闭，有 { NUMBER($count) } 个结果没来得及保存。
status-cancel-unconfirmed = 已在本页取消。服务器没有确认，任务可能仍会运行完。
status-will-not-run = 工作流有一部分不会运行：{ $problem }
status-no-result-from = 以下节点不会有结果：{ $titles }。

## Why a run failed: a title, and what it means

failure-access = 没有访问权限
failure-expired = 任务时间过久，已停止自动查询
failure-interrupted = 任务被其他人中止
failure-key-missing = 服务器需要密钥
failure-key-wrong = 密钥无效
failure-lost = GPU 在运行途中关闭
failure-no-reply = 服务器没有响应
failure-no-waking = GPU 未能唤醒
failure-node = 工作流运行失败
failure-node-missing = 缺少所需的节点
failure-out-of-memory = 显存不足
failure-image-lost = 任务的图片已丢失
failure-refused = 服务器拒绝了某个值
failure-setup = 页面配置有误
failure-too-large = 内容过大，无法发送
failure-unknown-model = 找不到模型

reason-access = 没有访问权限，请联系管理员开通。
reason-expired = 服务器很可能已关闭。查询会唤醒 GPU，产生费用。
reason-extension-wrong = 服务器上的 Pilotlight 插件配置有误，因此拒绝所有请求。请把详情发给管理员。
reason-image-lost = 刷新后浏览器没有保留它。请重新选择；没有提交任何任务。
reason-interrupted = 同一服务器的其他用户中止了它。填写的内容都还在。
reason-key-missing = 请向管理员索取。输入密钥后任务会继续，不会重复提交。
reason-key-wrong = 密钥可能已更换，请联系管理员。输入正确的密钥后任务会继续，不会重复提交。
reason-lost = 任务已丢失，填写的内容都还在。
reason-lost-polling = 任务已丢失，填写的内容都还在。在 ComfyUI 中安装 Pilotlight 插件，或延长休眠等待时间，即可避免。
reason-no-reply = 任务已提交，但没有收到响应。不会重复提交。
reason-no-reply-direct = 任务可能已提交，但没有收到响应：请检查地址、网络、证书和模型。不会重复提交。
reason-no-waking = 没有及时分配到 GPU。没有提交任务，也没有占用 GPU。
reason-node = { $node }：{ $message }
reason-node-silent = 节点 { $node } 运行失败，没有给出原因。
reason-not-sent = 任务还没提交页面就关闭了，没有占用 GPU；填写的内容都还在。
reason-not-reached = 连不上服务器，任务没有提交，也没有运行；你填写的内容都还在。
reason-origin-not-listed = 服务器只允许名单内的网站访问，请联系管理员添加本站。
reason-memory-for-image = 图片太大，GPU 显存不够。
reason-memory-for-several = 一次生成的数量太多，GPU 显存不够。
reason-out-of-memory = 这个任务所需的显存超过了 GPU 的容量。请减小尺寸，或请管理员换用更大的 GPU。
reason-setup = 该地址返回 { DIGITS($status) }：不是 kubeai 加 ComfyUI，或缺少中继。
reason-images-too-large = 图片太大，网关拒收。
reason-too-large = 内容太大，网关拒收。请缩短文字，或请管理员放宽限制。
reason-unknown-model = 该地址没有响应，或集群中没有这个模型。

## A file that a workflow needs

upload-from-server = 使用服务器上的文件 · 点按可更换
upload-leave-empty = 留空
upload-may-stay-empty = 也可以留空
upload-use = 使用工作流指定的文件

## Several runs

queue-about-left = 约剩 { DURATION($time) }
queue-cancel-all = 全部取消
queue-done = 已完成 { NUMBER($done) }/{ NUMBER($total) }
queue-lost = GPU 已关闭，{ NUMBER($count) } 个任务丢失；填写的内容都还在。
queue-more = 还有 { NUMBER($count) } 个
queue-moved = 任务 { DIGITS($number) } 已移至第 { NUMBER($place) } 位，共 { NUMBER($total) } 个等待中
queue-move-down = 下移
queue-move-first = 移到最前
queue-move-up = 上移
queue-pause = 暂停
queue-paused = 已暂停
queue-paused-hint = 恢复之前不会提交新任务。
queue-resume = 恢复
queue-run-all-again = 重新生成这 { NUMBER($count) } 个
queue-prompt-list = 多条提示词…
queue-waiting = { NUMBER($count) } 个等待中

batch-about = 约 { DURATION($time) }
batch-about-waking = 约 { DURATION($time) }（含唤醒）
batch-hint = 每行单独运行一次，其余设置与表单相同。
batch-label = 每行一条提示词
batch-no-room = 浏览器存储空间不足，放不下这么多任务，因此一个都没有开始。请减少数量后再试。
batch-of-line = 第 { DIGITS($line) } 行：{ $problem }
batch-run-all = 全部生成
batch-runs = { NUMBER($count) } 个任务
batch-times = 每条次数
batch-title = 多条提示词
batch-too-many = 共 { NUMBER($count) } 个任务，一次最多 { NUMBER($limit) } 个。

## Costs and limits

estimate-about = 约 { $cost }
estimate-waking = 若需唤醒 GPU 约 { $waking }
estimate-idle = 之后闲置最多 { $idle }

cost-used = 此浏览器的 GPU 用量
cost-today = 今天
cost-this-month = 本月
cost-waking = 唤醒
cost-running = 运行
cost-idle = 闲置
cost-money = 费用
cost-total = 合计
cost-idle-not-counted = 未配置休眠等待时间，因此不含闲置时间。
cost-about = 费用{ $sum }
cost-limits = 超出以下额度前先询问
cost-limits-hint = 留空则不限制。
cost-day-in = 每天（{ $unit }）
cost-month-in = 每月（{ $unit }）
cost-day-in-minutes = 每天 GPU 分钟数
cost-month-in-minutes = 每月 GPU 分钟数
cost-no-amount = 请填写大于 0 的数字。
cost-goes-over = 这次运行将超出额度
cost-is-over = 已超出额度
cost-used-today = 今天已用 { $used }，额度 { $limit }。
cost-used-this-month = 本月已用 { $used }，额度 { $limit }。
cost-adds = 这次预计再用{ $sum }。
cost-unknown = 这次的用量暂时无法估计。
cost-continue-anyway = 仍然继续
cost-run-anyway = 仍然运行
cost-not-now = 暂不运行

## The state of the GPU, in the header

pill-asleep = GPU 可能已休眠
pill-asking = 正在连接 GPU
pill-awake = 已唤醒
pill-kept-awake = 保持唤醒
pill-last-used = { DURATION($time) }前使用过
pill-silent = 没有响应
pill-unknown = GPU 状态未知
pill-used-ago = { DURATION($time) }前使用过
pill-waking = 正在唤醒 GPU

## Waking the GPU and keeping it awake

gpu-asking = 正在连接 GPU
gpu-waking = 正在唤醒 GPU
gpu-device = GPU
gpu-comfyui = ComfyUI
gpu-usually-wakes-in = 通常唤醒用时
gpu-hint = GPU 闲置时休眠，下次运行时自动唤醒。打开这里不会唤醒它。
gpu-sleeps-in = 没有新任务的话，约 { DURATION($time) }后休眠。
gpu-may-be-asleep = 现在可能已经休眠。
gpu-wake-now = 立即唤醒
gpu-waking-costs = 唤醒一次{ $sum }。
gpu-waking-takes = 唤醒通常需要 { $range }。
gpu-keep-awake = 保持唤醒
gpu-for = { DURATION($time) }
gpu-for-cost = { DURATION($time) } · { $cost }
gpu-keeping-needs = 要保持唤醒，请在 ComfyUI 中安装最新版 Pilotlight 插件。
gpu-stop = 停止
gpu-kept-for = 还将保持唤醒 { DURATION($time) }。
gpu-gateway-timeout = 网关 { DURATION($time) }未等到响应，正在重试。
gpu-gateway-answered = 网关返回 { DIGITS($status) }，正在重试。
gpu-no-reply = 没有响应，正在重试。
gpu-is-awake = GPU 已唤醒。
gpu-time-is-up = 时间已到，不再保持 GPU 唤醒。
gpu-keeping-stopped = 已停止，不再保持 GPU 唤醒。
gpu-waking-stopped = 已停止。若 GPU 已开始启动，仍可能被唤醒。
gpu-you-were-away = 你已离开 { DURATION($time) }，不再保持 GPU 唤醒。
gpu-out-of-reach = GPU 长时间没有响应，已停止尝试。

## Notifications

notify-when-done = 任务完成时
notify-notification = 不在本页时，发送通知
notify-blocked = 本站的通知已被禁止，可在浏览器的网站设置中允许。
notify-sound = 播放提示音
notify-offer = 唤醒 GPU 需要一些时间。完成后通知你吗？
notify-yes = 通知我
notify-no = 不用了

## Stored results

storage-all = 全部结果 · { NUMBER($count) }
storage-delete = 删除
storage-deleted = 已删除
storage-delete-all = 删除全部结果
storage-delete-all-sure = 再按一次，删除全部结果
storage-title = 保存在此浏览器中
storage-amount = 结果 { NUMBER($count) } 项，共 { SIZE($bytes) }
storage-left = 约剩 { SIZE($bytes) } 空间
storage-made-room = 存储空间已满，已移除最早的 { NUMBER($count) } 项结果。
storage-image-not-stored = 浏览器未能保存这张图片，刷新后需要重新选择。
storage-results-not-stored = 浏览器无法保存结果，刷新后会丢失。请先下载需要的内容。
storage-runs-not-stored = 存储空间不足，无法记住这个任务，请在完成之前不要离开页面。
storage-undo = 撤销

## The gallery of all results

gallery-all-workflows = 全部工作流
gallery-clear = 取消选择
gallery-compare = 对比
gallery-compare-hint = 选择两张图片即可对比。
gallery-compare-title = 对比两张图片
gallery-cost = 费用
gallery-delete = 删除
gallery-details = 详情
gallery-differences = 不同之处
gallery-divider = 分界线
gallery-done-selecting = 完成
gallery-empty = 还没有结果。运行得到的内容会保存在此浏览器中，并显示在这里。
gallery-enlarge = 放大
gallery-export = 导出
gallery-export-failed = 压缩包未能生成。
gallery-export-too-large = 超出单个压缩包的上限（4 GB 或 32,000 项结果），请少选一些。
gallery-failure = 失败
gallery-gone = 服务器上已没有这个文件。
gallery-import = 导入
gallery-importing = 正在读取压缩包…
gallery-keys = 方向键移动，回车键打开，空格键选择。
gallery-no-difference = 参数相同。
gallery-no-matches = 没有符合条件的结果。换个关键词，或显示全部。
gallery-overlay = 重叠
gallery-pin = 固定
gallery-pin-hint = 存储空间不足时也不会移除
gallery-pinned = 已固定
gallery-queued = 排队
gallery-ran = 运行
gallery-refused = 这个压缩包里没有 Pilotlight 的结果，或已损坏。要打开工作流，请先解压。
gallery-requested = 提交时间
gallery-run = 任务
gallery-search = 搜索
gallery-seed = 种子
gallery-select = 选择
gallery-select-all = 全选
gallery-server = ComfyUI
gallery-settings = 参数
gallery-settings-unknown = 此浏览器没有保存它的参数。
gallery-show-all = 显示全部
gallery-side-by-side = 并排
gallery-star = 加星标
gallery-starred = 已加星标
gallery-title = 图库
gallery-undo = 撤销
gallery-unpin = 取消固定
gallery-unstar = 取消星标
gallery-waking = 唤醒 GPU
gallery-workflow = 工作流

counted-results = { NUMBER($count) } 项结果
counted-selected = 已选 { NUMBER($count) } 项
counted-deleted = 已删除 { NUMBER($count) } 项
counted-delete-sure = 再按一次，删除 { NUMBER($count) } 项结果
counted-imported = 已导入 { NUMBER($count) } 项结果
counted-already-here = { NUMBER($count) } 项原已存在
counted-unreadable = { NUMBER($count) } 项无法读取
counted-written = 正在写入：第 { NUMBER($done) } 项，共 { NUMBER($total) } 项

## The form editor and presets

editor-all-inputs = 全部输入项
editor-built-in = 内置表单：修改时会创建你自己的副本。
editor-default = 默认值
editor-fields = 表单字段
editor-heading = 分组标题
editor-hide = 隐藏
editor-hint = 说明
editor-max = 最大值
editor-min = 最小值
editor-move-down = 下移
editor-move-up = 上移
editor-name = 名称
editor-no-fields = 还没有字段，请在“全部输入项”中选择。
editor-no-inputs = 此工作流没有可填写的内容：所有输入都来自其他节点。
editor-no-matches = 没有匹配项。
editor-required = 必填
editor-save-as-file = 保存为文件
editor-saved-without-secrets = 已保存（不含密钥和密码）
editor-search-inputs = 搜索输入项
editor-starts-outside = 默认值不在此范围内，请先修改默认值。
editor-stored-here = 修改会保存在此浏览器中。保存为文件后可分享给他人。
editor-title = 标题
editor-under-advanced = 收进高级选项
editor-use-current-values = 将当前值设为默认值
editor-values-used = 已将当前值设为默认值

preset-delete = 删除
preset-name = 将当前设置（文件除外）保存为
preset-none = 还没有预设。
preset-save = 保存

step-more-inputs = 还有 { NUMBER($count) } 项，可通过搜索查找。
step-no-such-input = 工作流中没有这个输入项。
step-linked = 该输入由其他节点提供，无法填写。
step-twice = 它已经是表单字段。
step-not-a-field = 它不是此表单的字段。
step-at-the-end = 已经到头了。
step-empty = 请填写名称，至少填写一种语言。
step-no-range = 范围无效，最小值不能大于最大值。
step-no-default = 此项不能设置默认值。
step-not-a-text = 只有文本可以按语言设置不同的默认值。

source-just-now = 选项刚刚从服务器更新。
source-ago = 选项在 { DURATION($time) }前从服务器更新。
source-form = 选项来自表单文件，尚未向服务器核对。
source-shipped = 选项来自 ComfyUI 自带的节点，尚未向服务器核对。
source-unknown = 尚未从服务器读取选项，字段类型按当前值推断。
source-load-again = 重新读取（会唤醒休眠的 GPU）
source-load = 从服务器读取（会唤醒休眠的 GPU）
source-loading = 正在读取；唤醒休眠的 GPU 通常需要几分钟。
source-no-reply = 服务器没有响应，表单没有变化。
source-same = 没有变化。
source-updated = 已从服务器更新选项，填写的内容不变。
source-updated-for-now = 已从服务器更新选项，刷新页面前有效；填写的内容不变。

## Masks

mask-brush = 画笔大小
mask-clear = 清空
mask-discard = 放弃修改
mask-discard-changes = 要放弃刚才的修改吗？
mask-done = 完成
mask-erase = 擦除
mask-hint = 涂抹需要修改的区域。
mask-invert = 反转
mask-keep-painting = 继续涂抹
mask-keys = 方向键移动画笔，空格键涂抹，Ctrl+Z 撤销。
mask-mask = 蒙版
mask-opening = 正在打开图片…
mask-paint = 涂抹
mask-saving = 正在保存蒙版…
mask-undo = 撤销

unpaintable-too-large = 图片过大，无法涂抹：边长最多 { DIGITS($side) } 像素，总计最多 { DIGITS($millions) } 百万像素。
unpaintable-not-drawn = 无法在这张图片上涂抹：浏览器不支持，或内存不足。
unpaintable-not-stored = 蒙版未能保存，可能是内存不足。涂抹的内容还在。

## The key that a server may need

key-enter = 输入密钥
key-change = 更换密钥
key-key = 密钥
key-hint = 随每个请求发送给此服务器，只保留到关闭本标签页；不会出现在链接、文件或结果中。
key-show = 显示密钥
key-use = 使用此密钥
key-forget = 清除密钥
key-used = 密钥已输入
key-forgotten = 密钥已清除
key-missing = 服务器需要密钥，请向管理员索取。
key-wrong = 密钥无效，可能已更换，请联系管理员。
key-wake-missing = 服务器需要密钥。输入密钥后，请重新唤醒 GPU。
key-wake-wrong = 密钥无效。输入正确的密钥后，请重新唤醒 GPU。

## Links to a form as it is filled in

share-copy-link = 复制链接
share-copied = 链接已复制
share-copied-without-image = 链接已复制（不含图片）
share-copied-without-secrets = 链接已复制（不含密钥和密码）
share-copied-without-both = 链接已复制（不含图片、密钥和密码）
share-too-long = 内容太多，无法放进链接。请在“编辑表单”中保存为文件，或直接发送工作流。
share-in-address = 链接已放在地址栏中，请从那里复制
share-filled-in = 已按链接填写
share-filled-in-after = 已按链接填写。你原来填写的内容已存入“预设”：{ $preset }
share-before = 打开链接之前

unshared-newer = 此链接由更新版本的页面生成。请刷新页面后再试，或请对方发送工作流文件。
unshared-too-large = 此链接内容过大，未打开。请对方发送工作流文件。
unshared-damaged = 此链接不完整或已被改动，未填写任何内容。请重新完整复制。
unshared-form = 无法读取此链接中的表单（{ $place }）。请对方发送工作流文件。
unshared-no-such-form = 此链接对应的表单在本页中不存在（{ $id }）。请对方发送工作流文件。

## Settings

settings-address = 地址
settings-dark = 深色
settings-direct = 直连
settings-in-config = 由页面旁的 config.json 设定。
settings-language = 语言
settings-light = 浅色
settings-live-updates = 实时更新
settings-live-updates-off = 关闭：每隔几秒查询一次
settings-live-updates-on = 开启
settings-live-updates-unknown = 尚未确认
settings-model = 模型
settings-plain-comfyui = 无（普通 ComfyUI）
settings-relay = 经由中继
settings-server = 服务器
settings-system-theme = 跟随系统
settings-transport = 连接方式

insecure-title = 未加密的连接
insecure-hint = 本页通过未加密的 http 打开，浏览器因此停用了部分功能：无法离线使用、复制到剪贴板、显示通知，磁盘空间不足时结果可能被清除。请只在一个标签页中使用，否则两个标签页可能同时接手同一个任务。改用 https 打开即可使用全部功能。

## Set-up: where the server is

setup-address = 地址
setup-address-hint = kubeai 的地址（以 /openai 结尾），或 ComfyUI 的地址。
setup-alaya = Alaya NeW 集群
setup-any-address = 填写地址
setup-busy = 有任务正在进行，结束后才能更换服务器。
setup-by-config = 将 config.json 中的“transport”改为“{ $transport }”即可使用。
setup-change = 更改
setup-connection = 连接方式
setup-detect = 自动检测
setup-forget = 清除
setup-intro = 你的 GPU 在哪里？填写的内容只保存在此浏览器中。
setup-link-lacks = 未采用此链接。{ $why }
setup-link-not-listed = 未采用此链接：它指定的服务器“{ $address }”不在 config.json 的“endpoints”中。
setup-model = 模型
setup-model-hint = 即部署的 appName；普通 ComfyUI 请留空。
setup-namespace = 命名空间
setup-no-server = 尚未设置服务器。可以先填写表单，运行前请设置 GPU。
setup-other-way = 另一种连接方式不可用：{ $title }
setup-set-up = 去设置
setup-set-up-here = 在此浏览器中设置。
setup-stop = 停止
setup-stopped = 已停止。
setup-test = 检查
setup-test-again = 重新检查
setup-test-costs = 检查会唤醒 GPU，费用与运行任务时的唤醒相同。免费的检查会先进行。
setup-test-free = 检查不会改动服务器上的任何内容。
setup-test-title = 检查连接
setup-title = 连接 ComfyUI
setup-use = 使用此设置
setup-used = 已开始使用此服务器
setup-vks-id = VKS ID
setup-where = 位置

invalid-missing = 请填写此项。
invalid-not-a-name = 只能包含小写字母、数字和连字符，首尾不能是连字符。
invalid-too-long = 命名空间与 ID 合起来超出了主机名的长度上限。
invalid-model-missing = kubeai 需要模型名，即部署的 appName。
invalid-not-a-model = 模型名不能包含空格，最长 253 个字符。
invalid-odd-character = 包含地址中不允许的字符（例如空格）。
invalid-scheme = 请以 https:// 或 http:// 开头。
invalid-no-host = 缺少主机名。
invalid-port = 端口应为 1 到 65535 之间的数字。
invalid-credentials = 浏览器不会发送 @ 前的用户名或密码，请去掉。
invalid-query-or-fragment = 请去掉 ? 或 # 及其后的内容。

## The connection test

test-all-well = 已连接
test-extension = 插件
test-extension-there = 已安装
test-extension-absent = 未安装：页面每隔几秒查询一次，可能不足以让 GPU 保持唤醒
test-extension-locked = 已安装，需要密钥
test-extension-unknown = 未知
test-no-reply = 等待 { DURATION($time) }仍无响应，正在重试。
test-gateway-answered = 网关返回 HTTP { DIGITS($status) }，正在重试。
test-link-relay = 中继有响应
test-link-address = 地址有响应
test-link-kubeai = kubeai 有响应
test-link-gpu-awake = GPU 已唤醒
test-link-gpu = 唤醒 GPU
test-link-comfyui = ComfyUI 有响应
test-link-extension-there = 插件已安装
test-link-extension = 插件
test-milliseconds = { DIGITS($ms) } 毫秒
test-round-trip = 往返时间
test-woke = 唤醒用时

finding-offline = 浏览器没有网络
finding-offline-advice = 恢复网络后重新检查。
finding-insecure = 浏览器不允许访问此地址
finding-insecure-advice = 页面使用 https，只能访问 https 地址。请为服务器配置 TLS，或用 http 打开页面。
finding-not-reached = 该地址没有响应
finding-not-reached-advice = 请核对域名和端口，并确认服务器正在运行。防火墙拦截或证书不受信任时也会如此，可在新标签页中打开该地址查看。
finding-silent = 响应超时
finding-silent-advice = 该地址可以连接，但 20 秒内没有任何响应，而这一步不需要 GPU。请查看它的日志。
finding-no-relay = 该地址上是别的服务
finding-no-relay-advice = 它返回 HTTP { DIGITS($status) }，像是静态文件服务。请填写中继（pilotlight-relay、nginx 或 Caddy）、kubeai 或 ComfyUI 的地址。
finding-wrong-path = 有中继，但路径不对
finding-wrong-path-advice = 中继的地址以 /openai 结尾，请核对其前后的内容。
finding-foreign = 中继未将本页加入白名单
finding-foreign-advice = 请从中继的地址打开页面，或在中继中添加本页的来源（--allow-origin、PILOTLIGHT_ALLOW_ORIGINS）。
finding-unknown-host = 中继未配置自己的域名
finding-unknown-host-advice = 请在中继中添加地址里的域名（--host、PILOTLIGHT_HOSTS）。
finding-login = 该地址跳转到了别的页面
finding-login-advice = 通常是登录页。请在新标签页中打开该地址并登录，然后重新检查。
finding-gateway = 网关无法连接 kubeai
finding-gateway-advice = 网关返回 HTTP { DIGITS($status) }，页面本身没有问题。请几分钟后重新检查，仍不行请联系集群管理员。
finding-busy = 服务器暂时不接受请求
finding-busy-advice = 请求过多（429），请等一分钟后重新检查。
finding-access = 没有访问权限
finding-access-advice = HTTP { DIGITS($status) }：需要令牌或登录。中继可以附加令牌（--token-env），直连时不行。
finding-key = 插件需要密钥
finding-key-advice = 其他环节都正常。请向管理员索取密钥。
finding-origin = 插件不允许本页访问
finding-origin-advice = 它只接受名单内来源的页面，请联系管理员添加。
finding-guard-misconfigured = 插件配置有误
finding-guard-misconfigured-advice = 因此它拒绝所有请求，原因见 ComfyUI 的日志。
finding-body-lost = kubeai 收到的请求没有请求体
finding-body-lost-advice = 模型名在请求体中。可能这不是用于 kubeai 的中继，或途中有设备去掉了 GET 的请求体。
finding-model-wanted = 需要填写模型名
finding-model-wanted-advice = kubeai 通过部署的 appName 查找部署。
finding-unknown-model = kubeai 中没有模型“{ $model }”
finding-unknown-model-advice = 模型名即部署的 appName。请核对拼写，并确认它部署在此集群中。
finding-never-ready = GPU 未能唤醒
finding-never-ready-advice = 已等待 { DURATION($time) }。可能没有空闲的 GPU，或部署无法启动，请在集群中查看。
finding-origin-refused = ComfyUI 拒绝了本页
finding-origin-refused-advice = 请在启动 ComfyUI 时加上 --enable-cors-header，或将本页加入其插件的 PILOTLIGHT_ORIGINS。
finding-hidden = 服务器有响应，但本页无权读取
finding-hidden-advice = 浏览器不说明原因。可能是：中继未将本页加入白名单（--allow-origin）；ComfyUI 启动时未加 --enable-cors-header，其插件也未列出本页；kubeai 中没有模型“{ $model }”；网关出错。经由允许本页的中继可以分辨。
finding-cors-off = 服务器有响应，但不允许本页读取
finding-cors-off-advice = 如果它是 ComfyUI，请在启动时加上 --enable-cors-header，或将本页加入其插件的 PILOTLIGHT_ORIGINS。
finding-no-extension = ComfyUI 未安装插件
finding-no-extension-advice = 直连时必须安装插件：将 deploy/comfyui/pilotlight 放入 custom_nodes 并重启 ComfyUI，或改用中继。
finding-odd = 无法识别的响应
finding-odd-advice = HTTP { DIGITS($status) }：可能是途中的其他服务代为应答，原文见下。
finding-upstream-unreachable = 中继无法连接服务器
finding-upstream-unreachable-advice = 请核对中继的 --upstream 地址，并确认能够访问该主机和端口。
finding-upstream-untrusted = 中继不信任服务器的证书
finding-upstream-untrusted-advice = 自签证书请用 --ca FILE；否则证书可能已过期，或与域名不符。
finding-upstream-tls = 中继与服务器未能建立加密连接
finding-upstream-tls-advice = 服务器在该端口可能使用 http，请核对 --upstream 的协议和端口。
finding-upstream-cut-off = 服务器中断了与中继的连接
finding-upstream-cut-off-advice = 连接在响应之前被中断。请确认 --upstream 是 kubeai 或 ComfyUI 的地址，并查看其日志。
finding-upstream-redirected = 服务器要求中继跳转
finding-upstream-redirected-advice = 中继不跟随跳转，请改用跳转后的地址；若是登录页，则需要令牌（--token-env）。
finding-upstream-silent = 中继未收到服务器的响应
finding-upstream-silent-advice = 请核对中继的上游地址，以及它是否信任对方的证书；详情见其日志。

## Opening files and links

opening-image-used = “{ $name }”不含工作流，已填入“{ $field }”。
opening-file = 正在打开 { $address } …
opening-left-out = “{ $name }”中还有不属于工作流节点的内容，已忽略：{ $names }。
opening-untaken = “{ $name }”中有些值在节点上没有对应的输入，不会发送：{ $values }。

unlinked-scheme = 无法打开“{ $address }”：链接只支持 http、https 地址或页面旁的文件；请下载文件后再打开。
unlinked-credentials = 无法打开“{ $address }”：浏览器不会发送地址中的用户名和密码；请下载文件后再打开。
unlinked-server = 无法打开“{ $address }”：它在 ComfyUI 服务器上，而打开链接不应唤醒 GPU；请下载文件后再打开。
unlinked-foreign = 无法获取“{ $address }”：该网站没有响应，或不允许本页读取；请下载文件后再打开。
unlinked-no-reply = 无法获取“{ $address }”：没有响应；请检查网络后重试。
unlinked-not-found = “{ $address }”既不是本页的表单，也没有这个文件（HTTP { DIGITS($status) }）；请检查链接。
unlinked-status = 无法获取“{ $address }”：对方返回 HTTP { DIGITS($status) }；请在新标签页中打开该地址，下载文件后再打开。
unlinked-broken-off = “{ $address }”没有传输完整；请重试，或下载文件后再打开。

unopened-empty = “{ $name }”是空的，请重新保存后再打开。
unopened-too-large = “{ $name }”超过 { DIGITS($limit) } MB，无法读取；请只打开保存为 JSON 的工作流。
unopened-cut = 文件“{ $name }”（{ $kind }）不完整，请重新下载或复制。
unopened-not-json = “{ $name }”从第 { DIGITS($line) } 行起不是有效的 JSON，请在该处修正，或从 ComfyUI 重新导出。
unopened-encoding = 无法识别文本“{ $name }”的编码，请另存为 UTF-8。
unopened-no-workflow = 文件“{ $name }”（{ $kind }）不含工作流，可能被其他软件另存过；请打开 ComfyUI 保存的原文件，或 JSON 格式的工作流。
unopened-archive = “{ $name }”是{ $kind }，请解压后打开里面的工作流。
unopened-html = “{ $name }”是{ $kind }，可能是登录页；请先下载文件本身，再打开它。
unopened-weights = “{ $name }”是{ $kind }，应放进 ComfyUI 的 models 文件夹；请打开使用它的工作流。
unopened-other = 无法打开文件“{ $name }”（{ $kind }）；请打开 JSON 格式的工作流，或 ComfyUI 保存的图片、视频、音频、3D 模型文件。
unopened-no-nodes = 工作流“{ $name }”没有节点，请打开有节点的工作流。
unopened-not-a-node = 工作流“{ $name }”中的“{ $node }”不是有效的节点，请从 ComfyUI 重新导出。
unopened-too-many-nodes = 工作流“{ $name }”的节点超过 { DIGITS($limit) } 个，请在 ComfyUI 中拆分。
unopened-too-deep = 工作流“{ $name }”中的值嵌套超过 { DIGITS($limit) } 层，请在 ComfyUI 中简化。
unopened-package = Pilotlight 工作流“{ $name }”的 { $place } 处有误，请修正。

kind-png = PNG 图片
kind-webp = WebP 图片
kind-flac = FLAC 音频
kind-ogg = Ogg 音频
kind-mp3 = MP3 音频
kind-json = JSON 文件
kind-jpeg = JPEG 图片
kind-gif = GIF 图片
kind-avif = AVIF 或 HEIC 图片
kind-image = 其他格式的图片
kind-xml = SVG 图形或其他 XML
kind-video = 视频
kind-audio = 其他格式的音频
kind-glb = 3D 模型
kind-weights = 模型权重
kind-archive = 压缩包
kind-pdf = PDF 文档
kind-html = 网页
kind-text = 纯文本
kind-object-info = 服务器的节点列表
kind-history = 任务历史记录
kind-other-json = 不含工作流的 JSON
kind-unknown = 未知类型

## Workflows of the ComfyUI editor that can’t be converted

unconverted-not-json = 文件第 { DIGITS($line) } 行第 { DIGITS($column) } 列不是有效的 JSON。请在编辑器中重新保存。
unconverted-not-a-graph = 这不是编辑器的工作流：它或其中的子图没有节点列表。请在编辑器中重新保存。
unconverted-too-large = 工作流过大，最多 { DIGITS($limit) } MB。请删去不需要的内容。
unconverted-too-many-nodes = 工作流超过 { DIGITS($limit) } 个节点（子图按使用次数计算）。请拆成几个工作流。
unconverted-too-many-slots = 节点“{ $node }”的输入或输出超过 { DIGITS($limit) } 个。请删去没有用到的。
unconverted-too-deep = 子图嵌套超过 32 层。请在编辑器中展开一部分。
unconverted-too-tangled = 连线经过的转接点和子图过多。请直接连接节点。
unconverted-too-much = 工作流展开子图后过大，无法发送。请减少使用子图的次数。
unconverted-too-many-braces = 节点“{ $node }”的文本中花括号嵌套超过 32 层。请删去一部分。
unconverted-nameless-node = 有一个节点没有 id 或类型。请在编辑器中重新保存工作流。
unconverted-not-a-node = 节点“{ $node }”没有类型。请在编辑器中重新保存工作流。
unconverted-same-id = 有两个节点的 id 都是“{ $node }”。请在编辑器中重新保存工作流。
unconverted-not-a-link = 连线列表中有一项不是连线。请在编辑器中重新保存工作流。
unconverted-other-version = 连线的写法与文件标明的版本不符。请在编辑器中重新保存工作流。
unconverted-link-to-nothing = 节点“{ $node }”的输入“{ $input }”连到了不存在的节点。请在编辑器中修复这条连线。
unconverted-loop = 节点“{ $node }”的输入“{ $input }”的连线形成了循环。请在编辑器中断开。
unconverted-subgraph-in-itself = 子图“{ $node }”包含它自己。请在编辑器中把它从自身中移出。
unconverted-group-node = 文件中组节点“{ $node }”的内容缺失或已损坏。请在 ComfyUI 编辑器中打开工作流，修复该组节点后重新保存。
unconverted-missing-classes = 此工作流包含本页没有见过的节点：{ $classes }。要唤醒 GPU 加载吗？

## The page in a frame of another site: for visitors, and for the developer of that site

embed-not-here = 本页不允许嵌入其他网站
embed-not-here-why = 在本页上点击可能产生费用，外层网站可能诱导你点击。请在单独的标签页中打开。
embed-open-alone = 在新标签页中打开
embed-values-not-set = 页面地址中的部分值未能填入：{ $problems }
embed-unknown-part = 页面地址（show）中的“{ $name }”不是页面的组成部分。
embed-unknown-language = 页面地址（lang）中的“{ $name }”不是页面支持的语言。
embed-unknown-theme = 页面地址（theme）中的“{ $name }”不是 auto、light 或 dark。
embed-values-not-json = 页面地址（values）中的值不是 JSON 对象。
embed-newer = 消息使用的是协议版本 { DIGITS($version) }，本页支持版本 { DIGITS($supported) }。
embed-too-large = 消息超过 { DIGITS($limit) } kB。
embed-unknown-type = 没有类型为“{ $name }”的消息。
embed-unknown-member = 此类消息没有“{ $name }”这一项。
embed-wrong-member = 消息中的“{ $name }”无效。
embed-no-field = 表单中没有字段“{ $name }”，或有多个同名字段。
embed-is-file = 文件只能由用户自己选择。
embed-read-only = 此值只读。
embed-does-not-fit = 值无效。
embed-too-many-values = 一次最多设置 { DIGITS($limit) } 个值。
embed-no-such-language = 页面没有提供这种语言。
embed-no-such-run = 本页没有这个任务。
embed-nothing-to-cancel = 当前没有进行中的任务。
embed-nothing-to-run = 没有可以运行的表单。
embed-asking = 正在等待用户确认用量额度，请稍后再请求。
embed-opening = 之前请求的工作流还在打开，请稍后再请求。
embed-too-soon = 半秒内已请求过运行，视为同一次点击。
embed-invalid-fields = 填写的内容有误，无法运行。
embed-no-endpoint = 没有配置服务器。
embed-not-confirmed = 将超出用量额度，且无人确认。
embed-no-room = 浏览器存储空间不足，任务未开始。
