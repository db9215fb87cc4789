"""The full screen: what a running simulator is at, and keys that make trouble.

    model, history    what the events, and what was asked, say: no terminal, no clock
    panels            that as rows of text for each panel
    keys              what a key asks for
    feed              the control socket, read and asked in threads
    app, dialogs      Textual's part: places, keys, drawing

It is another process than the simulator, or another program: it knows it through the control socket
alone, so that what it costs to draw is no matter to the device.
"""
