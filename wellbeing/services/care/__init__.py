"""关心关爱: rules and budgets, events, and the way of a case from 申请 to 签收.

Nobody handles, approves or signs for somebody they may not: handler, approver and recipient are three people.
"""
