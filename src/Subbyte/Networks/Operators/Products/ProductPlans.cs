using Subbyte.Lowering;
using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Chooses how a dot-product layer runs.</summary>
internal static class ProductPlans
{
    /// <summary>The plan of a layer: float, weights-only float, or integer products.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="lowered">How it is lowered, or null for fp32.</param>
    /// <param name="output">Type of the output.</param>
    /// <returns>The plan.</returns>
    public static ProductPlan Create(ProductLayer layer, LoweredLayer? lowered, TensorType output) => lowered switch
    {
        null or { IsWeightsOnly: true } => new FloatProductPlan(layer, lowered, output),
        _ when SlicedProductPlan.Fits(lowered) => new SlicedProductPlan(layer, lowered, output),
        _ => new LoweredProductPlan(layer, lowered, output),
    };
}
