using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Gather: slices along one axis, in the order of the indices.</summary>
internal sealed class GatherOperator() : OperatorDefinition("Gather", types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var data = context.Required(0);
        var indices = IndexReader.Required(context, 1);
        var axis = context.Axis(context.Node.Integer("axis", 0), data.Rank);
        IndexReader.CheckConstant(context, indices, [data.Dimensions[axis]]);
        return new GatherPlan(context.Node, data, axis, new TensorType(data.ElementType, [.. data.Dimensions[..axis], .. indices.Dimensions, .. data.Dimensions[(axis + 1)..]]));
    }

    private sealed class GatherPlan(Node node, TensorType source, int axis, TensorType output) : NodePlan(output), IPackedPlan
    {
        public bool TakesNumbers => true;

        public PackedStep Pack(PackedPlace place)
        {
            if (source is not { ElementType: ElementType.Float32, Constant: { } table } || axis != 0 || source.Dimensions[0] is < 1 or > RowsStep.MostRows)
                throw new UserErrorException($"{node}: the packed runtime takes rows of a constant float32 table of at most {RowsStep.MostRows} rows, not slices of {source} along axis {axis}; deploy this network by 'subbyte quantize' as ONNX");
            return new RowsStep(place.Name, place.Inputs, place.Output, source.Dimensions[0], table.AsSpan<float>().ToArray());
        }

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var data = inputs[0]!;
            var indices = new IndexReader(node, inputs[1]!);
            var from = data.Bytes.Span;
            var target = outputs[0].Bytes.Span;
            var size = data.Dimensions[axis];
            var slice = AxisBytes.From(data, axis + 1);
            for (var offset = 0; slice > 0 && !target.IsEmpty; offset += size * slice)
            {
                for (var i = 0; i < inputs[1]!.Length; i++)
                {
                    from.Slice(offset + (indices.At(i, size) * slice), slice).CopyTo(target);
                    target = target[slice..];
                }
            }
        }
    }
}

/// <summary>GatherND: slices at tuples of indices, after as many batch dimensions as the attribute says.</summary>
internal sealed class GatherNDOperator() : OperatorDefinition("GatherND", types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var data = context.Required(0);
        var indices = IndexReader.Required(context, 1);
        var given = context.Node.Integer("batch_dims", 0);
        if (indices.Rank == 0 || given < 0 || given >= Math.Min(data.Rank, indices.Rank)) throw context.Fail($"batch_dims {given} does not fit {data} and {indices}");
        var batch = (int)given;
        var tuple = indices.Dimensions[^1];
        if (tuple < 1 || tuple > data.Rank - batch || !data.Dimensions[..batch].SequenceEqual(indices.Dimensions[..batch])) throw context.Fail($"indices {indices} do not fit {data} with {batch} batch dimensions");
        IndexReader.CheckConstant(context, indices, data.Dimensions[batch..(batch + tuple)]);
        return new GatherNDPlan(context.Node, batch, new TensorType(data.ElementType, [.. indices.Dimensions[..^1], .. data.Dimensions[(batch + tuple)..]]));
    }

    private sealed class GatherNDPlan(Node node, int batch, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var data = inputs[0]!;
            var indices = new IndexReader(node, inputs[1]!);
            var source = data.Bytes.Span;
            var target = outputs[0].Bytes.Span;
            var tuple = inputs[1]!.Dimensions[^1];
            var slice = AxisBytes.From(data, batch + tuple);
            var sizes = data.Dimensions.Slice(batch, tuple);
            var tuples = inputs[1]!.Length / tuple;
            var tuplesOfBatch = tuples / (int)Math.Max(1, ElementTypes.ElementCount(data.Dimensions[..batch]));
            for (var i = 0; i < tuples; i++)
            {
                var position = i / tuplesOfBatch;
                for (var k = 0; k < tuple; k++) position = (position * sizes[k]) + indices.At((i * tuple) + k, sizes[k]);
                source.Slice(position * slice, slice).CopyTo(target[(i * slice)..]);
            }
        }
    }
}

/// <summary>GatherElements: each output element comes from its own place but for the axis, where its index says.</summary>
internal sealed class GatherElementsOperator() : OperatorDefinition("GatherElements", types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var data = context.Required(0);
        var indices = IndexReader.Required(context, 1);
        var axis = context.Axis(context.Node.Integer("axis", 0), data.Rank);
        ElementIndices.Check(context, data, indices, axis);
        return new GatherElementsPlan(new ElementIndices(context.Node, data, indices, axis), new TensorType(data.ElementType, indices.Dimensions));
    }

    private sealed class GatherElementsPlan(ElementIndices places, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var (source, target) = (inputs[0]!.Bytes, outputs[0].Bytes);
            var element = AxisBytes.Of(inputs[0]!.ElementType);
            places.ForEach(inputs[1]!, (i, place) => source.Span.Slice(place * element, element).CopyTo(target.Span[(i * element)..]));
        }
    }
}
