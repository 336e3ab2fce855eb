/** Small accessible components that every room uses; their looks are in `extension/style/ui.css`. */
export * from './button';
export * from './classes';
export * from './combobox';
export * from './disclosure';
export * from './empty';
export * from './field';
export * from './findings';
export * from './hooks';
export * from './list';
export * from './news';
export * from './page';
export * from './problem';
export * from './progress';
export * from './room';
export * from './tabs';
export * from './verdict';
