using Subbyte.Methods;
using static System.FormattableString;

namespace Subbyte.Experiments.Reports;

/// <summary>A result as the report refers to it: by its number, and with a colour for its family of methods.</summary>
/// <param name="Number">Row number, from 1.</param>
/// <param name="Result">The result.</param>
/// <param name="Family">Its layer methods and output predictors without their options.</param>
/// <param name="Colour">Style class of the family.</param>
/// <param name="IsBaseline">Whether it is fp32.</param>
internal sealed record RecipeEntry(int Number, RecipeResult Result, string Family, string Colour, bool IsBaseline)
{
    // The palette of report.css; further families share its last, neutral colour.
    private const int Colours = 9;

    private static readonly HashSet<string> FamilyMethods = [.. MethodRegistry.Default.Methods.Where(method => method.TakesLayers).Select(method => method.Name)];

    /// <summary>Identifier of the recipe's section.</summary>
    public string Anchor => Invariant($"recipe-{Number}");

    /// <summary>Numbers the results of a document.</summary>
    /// <param name="document">The document.</param>
    /// <returns>One entry a result, in order.</returns>
    public static IReadOnlyList<RecipeEntry> Of(ResultDocument document)
    {
        var families = new List<string>();
        var entries = new List<RecipeEntry>();
        foreach (var result in document.Results)
        {
            var isBaseline = result.CanonicalRecipe == "fp32";
            var family = FamilyOf(result.CanonicalRecipe);
            if (!isBaseline && !families.Contains(family, StringComparer.Ordinal)) families.Add(family);
            var colour = isBaseline ? "base" : Invariant($"c{Math.Min(families.IndexOf(family), Colours - 1)}");
            entries.Add(new RecipeEntry(entries.Count + 1, result, family, colour, isBaseline));
        }

        return entries;
    }

    /// <summary>The number in the recipe's colour, leading to its section.</summary>
    /// <param name="html">Where to write.</param>
    public void WriteChip(MarkupWriter html)
        => html.Leaf("a", Quantity.Whole(Number), ("class", "chip " + Colour), ("href", "#" + Anchor), ("title", Result.Recipe));

    // Recipes that differ in options, in what is pruned before and in what is corrected afterwards share a colour.
    private static string FamilyOf(string canonical)
    {
        var steps = canonical.Split(" + ").Select(step => step.Split(':')[0]).Distinct(StringComparer.Ordinal).ToArray();
        var methods = steps.Where(FamilyMethods.Contains).ToArray();
        return string.Join(" + ", methods.Length > 0 ? methods : steps);
    }
}
