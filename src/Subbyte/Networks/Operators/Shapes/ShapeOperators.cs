using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators that move elements.</summary>
internal static class ShapeOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new CenterCropPadOperator(),
        new CompressOperator(),
        new ConcatOperator(),
        new DropoutOperator(),
        new ExpandOperator(),
        new FlattenOperator(),
        new GatherElementsOperator(),
        new GatherNDOperator(),
        new GatherOperator(),
        new IdentityOperator(),
        new NonZeroOperator(),
        new OneHotOperator(),
        new ReshapeOperator(),
        new ReverseSequenceOperator(),
        new ScatterElementsOperator("Scatter"),
        new ScatterElementsOperator("ScatterElements"),
        new ScatterNDOperator(),
        new SliceOperator(),
        new SplitOperator(),
        new SqueezeOperator(),
        new TileOperator(),
        new TopKOperator(),
        new TransposeOperator(),
        new UnsqueezeOperator(),
    ];
}
