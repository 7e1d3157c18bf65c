namespace Subbyte.Experiments.Verification;

/// <summary>How a recipe packs on a network.</summary>
/// <param name="Recipe">The recipe as given.</param>
/// <param name="Status">Passed where every answer is the emulation's to the bit; unsupported where the recipe cannot be applied or does not pack.</param>
/// <param name="Reason">Why it did not pass, or null.</param>
/// <param name="Products">Formats of the layers with the kernel that this machine multiplies with, and how many there are of each.</param>
/// <param name="WeightBits">Bits a weight in the file, scales, biases and offsets included, over all layers; null where it does not pack.</param>
/// <param name="LowestWeightBits">The same of the layer with the fewest, or null.</param>
/// <param name="Bytes">Bytes of the file, or null.</param>
public sealed record PackedCase(string Recipe, CaseStatus Status, string? Reason, string? Products, double? WeightBits, double? LowestWeightBits, long? Bytes);
