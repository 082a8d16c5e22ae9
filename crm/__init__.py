"""The facts: who customers are, what they used, paid, asked and complained about, and who looks after them."""
