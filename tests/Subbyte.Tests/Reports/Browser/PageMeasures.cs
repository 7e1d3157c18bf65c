using Microsoft.Playwright;

namespace Subbyte.Tests.Reports.Browser;

/// <summary>What a browser shows of a page, in CSS pixels.</summary>
internal sealed class PageMeasures
{
    private static readonly string Script = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reports", "Browser", "measure.js"));

    public double ScrollWidth { get; set; }

    public double ClientWidth { get; set; }

    /// <summary>The drawings that are visible.</summary>
    public Figure[] Figures { get; set; } = [];

    /// <summary>The texts that are visible.</summary>
    public TextMeasure[] Texts { get; set; } = [];

    /// <summary>The tables that are visible.</summary>
    public TableMeasure[] Tables { get; set; } = [];

    /// <summary>Elements that stick out of the page on the right and cannot be scrolled to within a box of their own.</summary>
    public string[] Outside { get; set; } = [];

    public static Task<PageMeasures> Of(IPage page) => page.EvaluateAsync<PageMeasures>(Script);

    internal sealed class Figure
    {
        public string Kind { get; set; } = "";

        public double Width { get; set; }

        public double Height { get; set; }

        public int Points { get; set; }

        /// <summary>Shapes and lines that have an extent.</summary>
        public int Marks { get; set; }

        public int Texts { get; set; }

        /// <summary>Marks outside the drawing, texts on texts or on points.</summary>
        public string[] Problems { get; set; } = [];
    }

    internal sealed class TextMeasure
    {
        public string Text { get; set; } = "";

        /// <summary>Font size as it arrives on the screen.</summary>
        public double Size { get; set; }

        /// <summary>Contrast with what is behind it, 1 to 21 (WCAG).</summary>
        public double Contrast { get; set; }

        public override string ToString() => $"{Text} ({Size:0.0} px, contrast {Contrast:0.0})";
    }

    internal sealed class TableMeasure
    {
        public int Rows { get; set; }

        public double Right { get; set; }
    }
}
