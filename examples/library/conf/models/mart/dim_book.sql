SELECT isbn, title, author, genre, price
FROM hub_book
JOIN sat_book_current USING (book_hk)
