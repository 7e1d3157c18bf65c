using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators that move elements or tell shapes.</summary>
internal static class ShapeOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new ConcatOperator(),
        new SliceOperator(),
        new PadOperator(),
        new FlattenOperator(),
        new ReshapeOperator(),
        new IdentityOperator("Identity"),
        new IdentityOperator("Dropout"),
    ];
}
