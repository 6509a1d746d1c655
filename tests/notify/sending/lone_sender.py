"""The sender of notify as a process of its own, set up by the environment, to be killed."""

import threading

from services.notify import create_app, timers
from shared.worker.loops import Heartbeat

if __name__ == "__main__":
    app = create_app()
    with app.app_context():
        timers.send_mails(threading.Event(), Heartbeat({}, "sender"))
