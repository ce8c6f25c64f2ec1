from .terms import *
def informs_about_industry(declaration): return Finding(Condition.INDUSTRY,Outcome.MET,"",(),"purpose")
