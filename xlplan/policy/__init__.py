"""A policy 考核方案: one issued document as data, its clauses, rules, rulings and targets."""
