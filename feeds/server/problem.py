class Busy(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds
