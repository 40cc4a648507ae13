// What the example host does with what the frame says.
const light = document.querySelector("pilot-light");
const say = (words) => { document.getElementById("state").textContent = words; };
const on = (id, event, act) => document.getElementById(id).addEventListener(event, act);

on("run", "click", () => light.run().catch((why) => say(why.message)));
on("cancel", "click", () => light.cancel().catch((why) => say(why.message)));
on("language", "change", (event) => light.setAttribute("lang", event.target.value));
on("theme", "change", (event) => light.setAttribute("theme", event.target.value));

light.addEventListener("phase", ({ detail }) => say(detail.state));
light.addEventListener("error", ({ detail }) => say(detail.title));
light.addEventListener("result", ({ detail }) => {
  const item = document.createElement("li");
  if (detail.text !== undefined) {
    item.textContent = detail.text;
  } else if (detail.media_type.startsWith("image/")) {
    const picture = new Image();
    picture.src = URL.createObjectURL(detail.blob);
    picture.alt = detail.values["2.prompt"] || detail.file_name;
    item.append(picture);
  } else {
    item.textContent = detail.file_name;
  }
  document.getElementById("pictures").append(item);
});
