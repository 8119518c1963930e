-- Which item each call belongs to is a view from here on, made with the next facts.
drop table if exists usage_link;
