from __future__ import annotations

from collections.abc import Callable

import pytest

from foresay.errors import ReportError
from foresay.publishing.assembly import Assembled, assemble
from foresay.publishing.execution import Executed, execute, started
from foresay.publishing.interpreters import interpreter, kernel_folder
from foresay.publishing.parameters import injected_code
from foresay.publishing.qmd import Document


def run(document: Document, **options: object) -> Executed:
    settings: dict[str, object] = {
        "project_root": document.path.parent,
        "env": {},
        "parameters": {},
        "defaults": {},
        "progress": lambda _: None,
        **options,
    }
    return execute(document, **settings)


def markdown(document: Document, executed: Executed, target: str = "html") -> Assembled:
    return assemble(
        document,
        executed,
        target=target,
        project_root=document.path.parent,
        metadata={},
        variables={},
    )


SOURCE = """
```{python}
#| echo: false
import os, pathlib, sys, warnings
class Rich:
    def _repr_markdown_(self): return "**rich**"
```

`{python} 1/3` `{python} "*a* <b>"` `{python} Rich()` `{python} True` `{python} [1, 'x']`

```{python}
#| eval: false
raise SystemExit("not run")
```

```{python}
#| echo: false
#| warning: false
print("out"); print("err", file=sys.stderr); pathlib.Path.cwd().name
```

```{python}
#| include: false
print("hidden")
```

```{python}
#| output: false
quiet = print("muted")
```

```{python}
#| error: true
1 / 0
```

```{python}
#| echo: fenced
#| label: shown
6 * 7
```

```{python}
#| echo: false
print(os.environ["QUARTO_DOCUMENT_FILE"], os.environ["MINE"], "QUARTO_EXECUTE_INFO" in os.environ)
print(os.environ["QUARTO_DOCUMENT_PATH"] == os.environ["QUARTO_PROJECT_ROOT"] == os.getcwd())
print(repr(os.environ["QUARTO_PROFILE"]))
```
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Executed, str]:
    from foresay.publishing.qmd import parse

    folder = tmp_path_factory.mktemp("here")
    path = folder / "report.qmd"
    path.write_text(SOURCE, encoding="utf-8")
    made = parse(path)
    executed = run(made, env={"MINE": "given"})
    return executed, markdown(made, executed).markdown


def test_inline_values_print_as_in_quarto(outcome):
    _, text = outcome
    assert r"0\.3333333333333333 \*a\* \<b\> **rich** True \[1\, \'x\'\]" in text


def test_options_hide_and_show(outcome):
    _, text = outcome
    assert "not run" in text  # its code is shown
    assert text.count("import os") == 0
    assert "\nout\n" in text
    assert "err" not in text.replace("error", "").replace("stderr", "")
    assert "hidden" not in text
    assert "quiet = print" in text
    assert "\nmuted\n" not in text
    assert "ZeroDivisionError: division by zero" in text
    assert "```{python}\n#| label: shown\n6 * 7\n```" in text


def test_cells_run_in_the_project_with_the_environment_given(outcome):
    _, text = outcome
    assert "report.qmd given True\nTrue\n''\n" in text
    assert "'here" in text  # the name of the working directory


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "```{python}\n#| label: bad\n\n\nx = 1\ny = x / 0\n```\n",
            "report.qmd:9: cell 'bad' failed: ZeroDivisionError: division by zero",
        ),
        (
            "first\n\nsecond `{python} nowhere`\n",
            (
                "report.qmd:6: inline expression `nowhere` failed: "
                "NameError: name 'nowhere' is not defined"
            ),
        ),
        ("```{python}\nimport os; os._exit(3)\n```\n", "qmd:4: Python ended while it ran"),
    ],
)
def test_a_failure_names_file_line_and_cause(document, source, message):
    with pytest.raises(ReportError) as caught:
        run(document(source))
    assert message in str(caught.value)
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("a\n\n```{python}\n#| label: bad\n\n1 / 0\n```\n", "_part.qmd:6: cell 'bad' failed"),
        ("a\n\nb `{python} nowhere`\n", "_part.qmd:3: inline expression `nowhere` failed"),
        (
            "```{python}\ndef f():\n    return [][1]\nx = 1\nf()\n```\n",
            "_part.qmd:5: this cell failed: IndexError",
        ),
    ],
)
def test_a_failure_in_an_include_names_its_file(document, part, message):
    made = document("before\n\n{{< include _part.qmd >}}\n\n`{python} 1`\n", _part=part)
    with pytest.raises(ReportError) as caught:
        run(made)
    assert message in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_what_is_printed_bit_by_bit_is_one_output_between_displays(document):
    made = document(
        "```{python}\nimport sys, time\nfor n in range(3):\n    print(n, end=' ', flush=True)\n"
        "    print('e', file=sys.stderr, flush=True)\n    time.sleep(0.05)\n"
        "display('x')\nprint(9)\n```\n"
    )
    (outputs,) = run(made).outputs.values()
    told = [(each["output_type"], each.get("text")) for each in outputs]
    assert told == [
        ("stream", "0 1 2 "), ("stream", "e\ne\ne\n"), ("display_data", None), ("stream", "9\n"),
    ]  # fmt: skip


def test_parameters_are_checked_before_anything_runs(document):
    made = document("```{python}\n#| tags: [parameters]\nlevel = 0.95\nwho: str = 'a'\n```\n")
    assert injected_code(made, {"level": 0.9, "who": "b"}) == "level = 0.9\nwho = 'b'"
    with pytest.raises(ReportError, match="did you mean 'level'"):
        injected_code(made, {"levle": 1})
    with pytest.raises(ReportError, match="no cell with"):
        injected_code(document("text\n"), {"level": 1})


@pytest.mark.parametrize(
    ("default", "told", "code"),
    [
        ("3", "12", "x = 12"),
        ("0.5", "1e-3", "x = 0.001"),
        ("0.5", "2", "x = 2.0"),
        ("True", "no", "x = False"),
        ("'a'", "12", "x = '12'"),
        ("'a'", "a $y$ #z", "x = 'a $y$ #z'"),
        ("[1]", "[1, two]", "x = [1, 'two']"),
        ("None", "3", "x = 3"),
        ("len('ab')", "true", "x = True"),
    ],
)
def test_a_parameter_becomes_what_its_default_is(document, default, told, code):
    made = document(f"```{{python}}\n#| tags: [parameters]\nx = {default}\n```\n")
    assert injected_code(made, {"x": told}) == code


@pytest.mark.parametrize(
    ("default", "told", "said"),
    [
        ("3", "abc", "is a whole number, as 3; got 'abc'"),
        ("3", "1.5", "is a whole number, as 3; got '1.5'"),
        ("0.5", "true", "is a number, as 0.5; got 'true'"),
        ("0.5", "nan", "not text, a finite number"),
        ("True", "1", "is true or false, as True; got '1'"),
        ("[1]", "[1", "not a value that YAML knows"),
        ("[1]", "{a: 1}", "not text, a finite number"),
    ],
)
def test_a_parameter_of_another_kind_is_refused(document, default, told, said):
    made = document(f"```{{python}}\n#| tags: [parameters]\nx = {default}\n```\n")
    with pytest.raises(ReportError, match=said):
        injected_code(made, {"x": told})


def executed_with(document: Callable[..., Document], options: str, *outputs: dict[str, object]):
    made = document(f"```{{python}}\n{options}\n#| echo: false\nx\n```\n")
    return made, Executed(outputs={0: outputs}, inline={})


def test_a_labelled_cell_without_a_figure_says_so_where_it_is_shown(document):
    options = "#| label: fig-a\n#| fig-cap: c\n#| fig-alt: d"
    made, executed = executed_with(document, options)
    shown = markdown(made, executed).markdown
    assert "report.qmd:4: cell 'fig-a' printed no figure; end it with a figure" in shown


def test_a_figure_without_a_text_for_it_is_an_error(document):
    output = {"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}, "metadata": {}}
    made, executed = executed_with(document, "#| label: a", output)
    with pytest.raises(ReportError, match="fig-alt"):
        markdown(made, executed)


def test_a_warning_does_not_name_the_process_that_gave_it(document):
    source = document("```{python}\nimport warnings; warnings.warn('careful')\n```\n")
    shown = markdown(source, run(source)).markdown
    assert "<cell>:1: UserWarning: careful" in shown
    assert "ipykernel" not in shown


def test_plain_output_cannot_leave_its_fence(document):
    text = "```\n# not a heading\n``````\n<script>"
    made, executed = executed_with(
        document, "#| label: a", {"output_type": "stream", "name": "stdout", "text": text}
    )
    shown = markdown(made, executed).markdown
    assert f"```````{{.cell-output}}\n{text}\n```````" in shown


def test_sockets_of_a_kernel_are_where_paths_are_short_enough(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("long" * 30)))
    assert kernel_folder() == "/tmp"
    monkeypatch.setattr("tempfile.tempdir", "/var/tmp")
    assert kernel_folder() is None


def test_a_python_that_does_not_start_is_one_message(document, monkeypatch):
    def never(self, *_args, **_more):
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr("nbclient.NotebookClient.setup_kernel", never)
    with pytest.raises(ReportError, match="could not be started for the report: Kernel died"):
        run(document("`{python} 1`"))


def test_a_python_that_is_not_there_is_one_message(document, monkeypatch):
    monkeypatch.setattr("sys.executable", "/no/such/python")
    with pytest.raises(ReportError, match=r"could not be started for the report: .*No such file"):
        run(document("`{python} 1`"))


def test_nobody_waits_for_what_a_cell_reads(document):
    executed = run(document("```{python}\nimport sys\nprint(repr(sys.stdin.read()))\n```\n"))
    assert executed.outputs[0][0]["text"] == "''\n"


def test_a_python_that_nobody_told_to_become_a_kernel_ends(tmp_path):
    with interpreter() as waiting:
        waiting.process.stdin.close()
        assert waiting.process.wait(timeout=60) == 0
    with interpreter() as waiting:
        waiting.prepare(tmp_path, {})
        waiting.process.stdin.close()
        assert waiting.process.wait(timeout=60) == 0
    with interpreter() as waiting:
        assert waiting.process.poll() is None
    assert waiting.process.returncode < 0


def test_a_python_that_ended_can_be_told_anything(tmp_path):
    with interpreter() as waiting:
        waiting.process.kill()
        waiting.process.wait()
        waiting.prepare(tmp_path, {})
        waiting.become(["-f", "none"])
    assert waiting.process.returncode < 0


def test_a_kernel_can_be_started_before_and_has_what_cells_import(document):
    source = document(
        "```{python}\nimport sys\nprint('fractions' in sys.modules, 'ready' in dir())\n```"
    )
    with started(source.path, project_root=source.path.parent, env={}, ready="fractions") as kernel:
        executed = run(source, kernel=kernel)
    assert executed.outputs[0][0]["text"] == "True False\n"
