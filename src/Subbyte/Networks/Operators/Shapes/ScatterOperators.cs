using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>ScatterElements (and Scatter, its older name): updates go to their own places but for the axis, where their indices say, in order.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class ScatterElementsOperator(string opType) : OperatorDefinition(opType, types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var data = context.Required(0);
        var indices = IndexReader.Required(context, 1);
        var updates = context.Required(2);
        var axis = context.Axis(context.Node.Integer("axis", 0), data.Rank);
        ElementIndices.Check(context, data, indices, axis);
        if (updates.ElementType != data.ElementType || !updates.Dimensions.SequenceEqual(indices.Dimensions)) throw context.Fail($"updates {updates} do not fit indices {indices} into {data}");
        return new ScatterElementsPlan(new ElementIndices(context.Node, data, indices, axis), new ScatterReduction(context, data.ElementType), new TensorType(data.ElementType, data.Dimensions));
    }

    private sealed class ScatterElementsPlan(ElementIndices places, ScatterReduction reduction, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var (updates, target) = (inputs[2]!, outputs[0]);
            inputs[0]!.Bytes.Span.CopyTo(target.Bytes.Span);
            places.ForEach(inputs[1]!, (i, place) => reduction.Apply(updates, i, target, place, 1));
        }
    }
}

/// <summary>ScatterND: updates go where tuples of indices say, in order.</summary>
internal sealed class ScatterNDOperator() : OperatorDefinition("ScatterND", types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var data = context.Required(0);
        var indices = IndexReader.Required(context, 1);
        var updates = context.Required(2);
        var tuple = indices.Rank == 0 ? 0 : indices.Dimensions[^1];
        if (tuple < 1 || tuple > data.Rank) throw context.Fail($"indices {indices} do not fit {data}");
        int[] expected = [.. indices.Dimensions[..^1], .. data.Dimensions[tuple..]];
        if (updates.ElementType != data.ElementType || !updates.Dimensions.SequenceEqual(expected)) throw context.Fail($"updates {updates} do not fit indices {indices} into {data}");
        IndexReader.CheckConstant(context, indices, data.Dimensions[..tuple]);
        return new ScatterNDPlan(context.Node, tuple, new ScatterReduction(context, data.ElementType), new TensorType(data.ElementType, data.Dimensions));
    }

    private sealed class ScatterNDPlan(Node node, int tuple, ScatterReduction reduction, TensorType output) : NodePlan(output)
    {
        private readonly int _slice = checked((int)ElementTypes.ElementCount(output.Dimensions[tuple..]));

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var indices = new IndexReader(node, inputs[1]!);
            inputs[0]!.Bytes.Span.CopyTo(outputs[0].Bytes.Span);
            for (var i = 0; i < inputs[1]!.Length / tuple; i++)
            {
                var place = 0;
                for (var k = 0; k < tuple; k++)
                {
                    var size = outputs[0].Dimensions[k];
                    place = (place * size) + indices.At((i * tuple) + k, size);
                }

                reduction.Apply(inputs[2]!, i * _slice, outputs[0], place * _slice, _slice);
            }
        }
    }
}
