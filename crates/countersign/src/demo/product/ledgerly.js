// Every page works without this; it only keeps the figure in the corner current.
const figure = document.querySelector("[data-live]");
if (figure) {
  const events = new EventSource("/events");
  events.addEventListener("tick", (event) => {
    figure.textContent = `${JSON.parse(event.data).outstanding} outstanding`;
    figure.parentElement.classList.add("on");
  });
  events.addEventListener("error", () => figure.parentElement.classList.remove("on"));
}
