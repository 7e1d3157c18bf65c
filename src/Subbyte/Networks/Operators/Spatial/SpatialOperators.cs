using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators with a window over spatial dimensions, and those that pad and resample them.</summary>
internal static class SpatialOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new ConvolutionOperator(),
        new TransposedConvolutionOperator(),
        new MaxPoolOperator(),
        new AveragePoolOperator(),
        new NormPoolOperator(),
        new GlobalPoolOperator("GlobalAveragePool"),
        new GlobalPoolOperator("GlobalMaxPool"),
        new GlobalPoolOperator("GlobalLpPool"),
        new MaxUnpoolOperator(),
        new PadOperator(),
        new ResizeOperator("Resize"),
        new ResizeOperator("Upsample"),
        new DepthSpaceOperator("DepthToSpace"),
        new DepthSpaceOperator("SpaceToDepth"),
    ];
}
