using Subbyte.Runtime;

namespace Subbyte.Packing;

/// <summary>A lowered layer in its packed form.</summary>
/// <param name="TakesIn">Whether it computes the elementwise nodes before it as well.</param>
/// <param name="Step">Makes its step.</param>
internal sealed record PackedLayer(bool TakesIn, Func<PackedPlace, PackedStep> Step);
