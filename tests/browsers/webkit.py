"""WebKitGTK, as GNOME's browser and mail have it, by its own WebDriver."""

import contextlib
import re
from pathlib import Path
from typing import Any, Iterator, List

from programs import START_SECONDS, environment, printed, program, running
from selenium.webdriver import WebKitGTK, WebKitGTKOptions
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.service import Service

from local.processes import tie_to_parent

DISPLAY = re.compile(r"^(\d+)$", re.MULTILINE)


class WebKit:
    def __init__(self, driver: WebKitGTK) -> None:
        self._driver = driver

    def open(self, url: str) -> None:
        """With its scripts, for which its driver does not wait."""
        self._driver.get(url)
        ready = "return document.readyState === 'complete'"
        WebDriverWait(self._driver, START_SECONDS, 0.02).until(lambda driver: driver.execute_script(ready))

    def run(self, function: str, *arguments: Any) -> Any:
        """Its value, which can be anything that JSON has words for."""
        return self._driver.execute_script(f"return ({function})(...arguments)", *arguments)

    def choose(self, selector: str, paths: List[Path]) -> None:
        field = self._driver.find_element("css selector", selector)
        field.send_keys("\n".join(map(str, paths)))


@contextlib.contextmanager
def screen(folder: Path) -> Iterator[str]:
    """It has no mode without a window, so there is a display that nobody sees."""
    log = folder / "xvfb.log"
    command = [program("Xvfb", variable="COUNTERSIGN_XVFB"), "-displayfd", "1", "-nolisten", "tcp"]
    with running(command, environment(folder), log) as process:
        yield f":{printed(process, log, DISPLAY)}"


@contextlib.contextmanager
def webkit(folder: Path) -> Iterator[WebKit]:
    driver_program = program("WebKitWebDriver", variable="COUNTERSIGN_WEBKIT_DRIVER")
    with screen(folder) as display:
        env = environment(folder, DISPLAY=display, GDK_BACKEND="x11", NO_AT_BRIDGE="1")
        service = Service(
            driver_program,
            log_output=str(folder / "log"),
            env=env,
            popen_kw={"preexec_fn": tie_to_parent()},
        )
        driver = WebKitGTK(options=WebKitGTKOptions(), service=service)
        try:
            yield WebKit(driver)
        finally:
            driver.quit()
