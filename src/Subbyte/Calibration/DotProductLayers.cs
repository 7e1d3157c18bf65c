using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks.Execution;

namespace Subbyte.Calibration;

/// <summary>The dot-product layers of a plan, as methods see them.</summary>
public static class DotProductLayers
{
    /// <summary>Lists the layers of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="statistics">Statistics of a layer's input, by its name.</param>
    /// <returns>Layers in execution order.</returns>
    public static IReadOnlyList<DotProductLayer> Of(ExecutionPlan plan, Func<string, ILayerStatistics> statistics)
    {
        var plans = plan.DotProducts.ToArray();
        return [.. plans.Select((product, index) => new DotProductLayer
        {
            Name = product.LayerName,
            Index = index,
            Kind = product.Kind,
            Positions = product.Geometry.Positions,
            Outputs = product.Geometry.OutChannels,
            Depth = product.Geometry.Depth,
            Groups = product.Geometry.Groups,
            KernelHeight = product.Geometry.KernelHeight,
            KernelWidth = product.Geometry.KernelWidth,
            PositionsInside = Inside(product.Geometry),
            Weights = product.Weights,
            Bias = product.Bias,
            IsEnd = index == 0 || index == plans.Length - 1,
            Input = statistics(product.LayerName),
        })];
    }

    private static int[] Inside(ConvolutionGeometry geometry)
    {
        int[] inside = [.. Enumerable.Range(0, geometry.KernelHeight * geometry.KernelWidth).Select(k => geometry.PositionsInside(k / geometry.KernelWidth, k % geometry.KernelWidth))];
        return inside.All(count => count == geometry.Positions) ? [] : inside;
    }
}
