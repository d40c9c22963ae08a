"""What people see: figures and reports."""

from mfa.views.figures import write_figures
from mfa.views.report.comparison import write_comparison
from mfa.views.report.pages import write_report

__all__ = ["write_comparison", "write_figures", "write_report"]
