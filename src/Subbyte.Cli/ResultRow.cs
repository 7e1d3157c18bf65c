using Subbyte.Experiments;

namespace Subbyte.Cli;

/// <summary>A result as a row of plain values for <c>--csv</c>; layers and counts of operations are in the JSON alone.</summary>
/// <param name="result">The result.</param>
internal class ResultRow(RecipeResult result)
{
    public string Recipe => result.Recipe;

    public string CanonicalRecipe => result.CanonicalRecipe;

    public string Metric => result.Metric;

    public double Value => result.Value;

    public int Correct => result.Correct;

    public int Samples => result.Samples;

    public double Confidence95Low => result.Confidence95[0];

    public double Confidence95High => result.Confidence95[1];

    public double? Top5 => result.Top5;

    public double Baseline => result.Baseline;

    public int Lost => result.Flips.Lost;

    public int Gained => result.Flips.Gained;

    public double Agreement => result.Agreement;

    public double MeanSquaredError => result.MeanSquaredError;

    public double Macs => result.Cost.Macs;

    public double Cycles => result.Cost.Cycles;

    public double EnergyPicojoules => result.Cost.EnergyPicojoules;

    public double WeightBits => result.Cost.WeightBits;

    public double ActivationBits => result.Cost.ActivationBits;

    public double WeightBytes => result.Cost.WeightBytes;

    public double Seconds => result.Seconds;

    public double SamplesPerSecond => result.SamplesPerSecond;
}
