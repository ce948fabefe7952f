"""What people and programs are shown: tables, documents, pages, help and complaints."""
