from .terms import *
def is_open_to_target_audiences(declaration): return Finding(Condition.AUDIENCES,Outcome.MET,"",(),"purpose")
