using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Constant, in every form of its attribute but strings and sparse tensors.</summary>
internal sealed class ConstantOperator() : OperatorDefinition("Constant")
{
    public override NodePlan Plan(NodeContext context)
    {
        if (context.Node.Attributes.Count != 1) throw context.Fail("needs exactly one attribute, its value");
        var (name, attribute) = context.Node.Attributes.Single();
        return new KnownPlan((name, attribute.Value) switch
        {
            ("value", Tensor tensor) => tensor,
            ("value_float", float value) => Tensor.Scalar(value),
            ("value_int", long value) => Tensor.Scalar(value),
            ("value_floats", float[] values) => Tensor.Of<float>(values),
            ("value_ints", long[] values) => Tensor.Of<long>(values),
            _ => throw context.Fail($"attribute '{name}' is not supported; a tensor, numbers or lists of numbers are"),
        });
    }
}

/// <summary>ConstantOfShape: a constant shape filled with one value, by default a float 0.</summary>
internal sealed class ConstantOfShapeOperator() : OperatorDefinition("ConstantOfShape")
{
    public override NodePlan Plan(NodeContext context)
    {
        var shape = context.Integers(0, "shape") ?? throw context.Fail("has no shape");
        if (shape.FirstOrDefault(size => size < 0, 0) is < 0 and var negative) throw context.Fail($"its shape has a dimension of {negative}");
        var value = context.Node.TensorValue("value") ?? Tensor.Scalar(0f);
        if (value.Length != 1) throw context.Fail($"its value is {value}; one element is needed");
        return new FillPlan(value, new TensorType(value.ElementType, shape));
    }

    private sealed class FillPlan(Tensor value, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var from = value.Bytes.Span;
            var to = outputs[0].Bytes.Span;
            if (value.ElementType.BitWidth() >= 8)
            {
                for (var i = 0; i < to.Length; i++) to[i] = from[i % from.Length];
                return;
            }

            Span<long> integer = stackalloc long[1];
            ElementConversion.Read(value, 0, integer);
            for (var i = 0; i < outputs[0].Length; i++) ElementConversion.Write(integer, outputs[0], i);
        }
    }
}

/// <summary>EyeLike: ones on a diagonal of a matrix.</summary>
internal sealed class EyeLikeOperator() : OperatorDefinition("EyeLike", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        if (input.Rank != 2) throw context.Fail($"needs a matrix; its operand is {input}");
        var type = ElementTypeAttribute.Read(context, "dtype") ?? input.ElementType;
        return new EyePlan(context.Node.Integer("k", 0), new TensorType(type, input.Dimensions));
    }

    private sealed class EyePlan(long diagonal, TensorType output) : NodePlan(output)
    {
        private readonly int _rows = output.Dimensions[0];
        private readonly int _columns = output.Dimensions[1];

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            outputs[0].Bytes.Span.Clear();
            ReadOnlySpan<long> one = [1];
            for (var row = Math.Max(0, -Math.Max(diagonal, -_rows)); row < _rows && diagonal < _columns - row; row++)
                ElementConversion.Write(one, outputs[0], checked((int)((row * _columns) + row + diagonal)));
        }
    }
}
