-- The application's callback, about the application's tables: it fails where they are not.
insert into app_migrated default values;
