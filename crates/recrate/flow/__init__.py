"""The hall: the only place that knows a whole path, from folder to crate to verdict."""
