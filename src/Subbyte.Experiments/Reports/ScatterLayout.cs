namespace Subbyte.Experiments.Reports;

/// <summary>How large a scatter plot is drawn, in units that are pixels at full size, and what its labels say.</summary>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
/// <param name="FontSize">Height of the labels' font.</param>
/// <param name="NamesRecipes">Whether labels hold recipes where there is room; numbers alone otherwise.</param>
/// <param name="StyleClass">Class that shows it on screens of the right width.</param>
internal sealed record ScatterLayout(double Width, double Height, double FontSize, bool NamesRecipes, string StyleClass)
{
    /// <summary>For desktops.</summary>
    public static ScatterLayout Wide { get; } = new(1040, 520, 11.5, true, "wide");

    /// <summary>For phones.</summary>
    public static ScatterLayout Narrow { get; } = new(380, 420, 12.5, false, "narrow");
}
