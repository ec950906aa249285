import DefaultTheme from "vitepress/theme";
// oxlint-disable-next-line import/no-unassigned-import -- It is style, and has no name.
import "./style.css";

// oxlint-disable-next-line import/no-default-export -- VitePress asks for it.
export default DefaultTheme;
