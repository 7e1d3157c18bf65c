using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>Copies a value from one layout to the other: a transposition of channels and positions in each sample.</summary>
/// <param name="from">The value.</param>
/// <param name="to">The same value in the other layout.</param>
internal sealed class LayoutConversion(TensorType from, TensorType to) : NodePlan(to), IPackedPlan
{
    public bool IsCopy => from.IsLayoutFree;

    public PackedStep Pack(PackedPlace place)
    {
        if (from.IsLayoutFree) return new CopyStep(place.Name, place.Inputs, place.Output);
        var positions = (int)ElementTypes.ElementCount(from.Dimensions[2..]);
        var (rows, columns) = from.Layout == Layout.RowMajor ? (from.Dimensions[1], positions) : (positions, from.Dimensions[1]);
        return new TransposeStep(place.Name, place.Inputs, place.Output, rows, columns);
    }

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var source = inputs[0]!.Bytes.Span;
        var target = outputs[0].Bytes.Span;
        if (from.IsLayoutFree)
        {
            source.CopyTo(target);
            return;
        }

        var samples = from.Dimensions[0];
        var channels = from.Dimensions[1];
        var positions = (int)ElementTypes.ElementCount(from.Dimensions[2..]);
        var (rows, columns) = from.Layout == Layout.RowMajor ? (channels, positions) : (positions, channels);
        switch (from.ElementType.BitWidth())
        {
            case 8: Transpose<byte>(source, target, samples, rows, columns); break;
            case 16: Transpose<short>(source, target, samples, rows, columns); break;
            case 32: TransposeWords(MemoryMarshal.Cast<byte, float>(source), MemoryMarshal.Cast<byte, float>(target), samples, rows, columns); break;
            case 64: Transpose<long>(source, target, samples, rows, columns); break;
            default: TransposePacked(inputs[0]!, outputs[0], samples, rows, columns); break;
        }
    }

    /// <summary>Elements below eight bits, one at a time.</summary>
    private static void TransposePacked(Tensor source, Tensor target, int samples, int rows, int columns)
    {
        Span<long> element = stackalloc long[1];
        for (var i = 0; i < source.Length; i++)
        {
            var (sample, position) = Math.DivRem(i, rows * columns);
            var (row, column) = Math.DivRem(position, columns);
            ElementConversion.Read(source, i, element);
            ElementConversion.Write(element, target, (sample * rows * columns) + (column * rows) + row);
        }
    }

    private static void TransposeWords(Span<float> source, Span<float> target, int samples, int rows, int columns)
    {
        var length = rows * columns;
        for (var start = 0; start < samples * length; start += length)
            Transposition.Run(source.Slice(start, length), columns, rows, columns, target.Slice(start, length), rows);
    }

    private static void Transpose<T>(Span<byte> source, Span<byte> target, int samples, int rows, int columns)
        where T : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, T>(source);
        var to = MemoryMarshal.Cast<byte, T>(target);
        for (var sample = 0; sample < samples; sample++)
        {
            var start = sample * rows * columns;
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                    to[start + (column * rows) + row] = from[start + (row * columns) + column];
            }
        }
    }
}
