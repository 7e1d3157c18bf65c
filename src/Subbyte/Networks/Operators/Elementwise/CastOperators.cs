using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Cast to the type of an attribute, and CastLike to the type of a second operand; see <see cref="ElementConversion"/>.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class CastOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var type = OpType == "CastLike" ? context.Required(1).ElementType : ElementTypeAttribute.Read(context, "to") ?? throw context.Fail("has no attribute 'to'");
        return new ElementTypeConversion(new TensorType(type, input.Dimensions, input.Layout));
    }
}

/// <summary>Attributes that name an element type.</summary>
internal static class ElementTypeAttribute
{
    /// <summary>Reads the attribute.</summary>
    /// <param name="context">The node.</param>
    /// <param name="name">Name of the attribute.</param>
    /// <returns>The type, or null where the attribute is absent.</returns>
    public static ElementType? Read(NodeContext context, string name)
    {
        if (!context.Node.Attributes.ContainsKey(name)) return null;
        var type = (ElementType)(int)Math.Clamp(context.Node.Integer(name, 0), 0, int.MaxValue);
        return type.BitWidth() > 0 ? type : throw context.Fail($"element type {(int)type} of attribute '{name}' is not supported");
    }
}
