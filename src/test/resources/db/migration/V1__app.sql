-- The first migration of an application that has the library on its class path: same folder, same version.
create table app_order
(
    id bigint primary key
);

create table app_migrated
(
    at timestamptz not null default clock_timestamp()
);
