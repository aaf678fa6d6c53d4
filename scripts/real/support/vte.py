"""A window with VTE's terminal widget, as gnome-terminal and xfce4-terminal use it.

Arguments: rows, columns, folder, program and its arguments. Reads one JSON list a line:
["type", text], ["resize", rows, columns], ["screen"], ["everything"]; answers each with one line.
"""

import json
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Vte", "2.91")
from gi.repository import Gio, GLib, Gtk, Pango, Vte  # noqa: E402

rows, cols, folder, *command = sys.argv[1:]
terminal = Vte.Terminal()
terminal.set_size(int(cols), int(rows))
terminal.set_scrollback_lines(200_000)
terminal.set_font(Pango.FontDescription("DejaVu Sans Mono 10"))
terminal.set_cursor_blink_mode(Vte.CursorBlinkMode.OFF)
window = Gtk.Window(title="VTE")
window.add(terminal)
window.show_all()
terminal.connect("child-exited", lambda *_: Gtk.main_quit())
window.connect("destroy", lambda *_: Gtk.main_quit())


def screen():
    return terminal.get_text(None)[0]


def everything():
    stream = Gio.MemoryOutputStream.new_resizable()
    terminal.write_contents_sync(stream, Vte.WriteFlags.DEFAULT, None)
    stream.close(None)
    return stream.steal_as_bytes().get_data().decode()


def resize(new_rows, new_cols):
    terminal.set_size(new_cols, new_rows)
    _, natural = terminal.get_preferred_size()
    window.resize(natural.width, natural.height)


commands = {
    "type": lambda text: terminal.feed_child(text.encode()),
    "resize": resize,
    "screen": screen,
    "everything": everything,
}


def obey(channel, _condition):
    line = channel.readline()
    if not line:
        Gtk.main_quit()
        return False
    name, *values = json.loads(line)
    print(json.dumps(commands[name](*values)), flush=True)
    return True


def started(_terminal, pid, error, *_):
    if error is not None:
        sys.exit(str(error))
    print(json.dumps(pid), flush=True)


GLib.io_add_watch(GLib.IOChannel.unix_new(0), GLib.IO_IN | GLib.IO_HUP, obey)
terminal.spawn_async(
    Vte.PtyFlags.DEFAULT, folder, command, None, GLib.SpawnFlags.DEFAULT, None, None, -1, None, started
)
Gtk.main()
