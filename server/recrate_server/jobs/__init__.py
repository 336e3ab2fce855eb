"""Long work: jobs run in processes of their own, and outlive the server that started them.

A worker writes its events to a file in the job's folder; a desk follows that file, remembers the
job in SQLite, and tells whoever listens. Neither needs the other to stay alive.
"""
