namespace Subbyte.Kernels;

/// <summary>Makes the products of a state in a recurrent layer.</summary>
public interface IStateProducts
{
    /// <summary>Multiplies rows by the weights of a product.</summary>
    /// <param name="product">Which of <see cref="RecurrentCell.StateProducts"/>.</param>
    /// <param name="x">The rows, [sequence][hidden].</param>
    /// <param name="y">Takes the products, [sequence][gate · hidden].</param>
    void Multiply(int product, ReadOnlySpan<float> x, Span<float> y);
}

/// <summary>The steps of a recurrent layer in one direction.</summary>
public static class Recurrence
{
    /// <summary>Makes all steps.</summary>
    /// <typeparam name="TProducts">What makes products.</typeparam>
    /// <param name="cell">The cell.</param>
    /// <param name="memory">Products of the inputs, first states and lengths; holds the last states then.</param>
    /// <param name="products">Makes the products of the state.</param>
    /// <param name="y">Takes the states after each step at their places; what lies beyond the end of a sequence stays as it is.</param>
    public static void Run<TProducts>(RecurrentCell cell, in RecurrentMemory memory, TProducts products, Span<float> y)
        where TProducts : IStateProducts, allows ref struct
    {
        for (var step = 0; step < cell.Shape.Steps; step++)
        {
            ChooseRows(cell.Shape, memory, step);
            var rest = memory.StateGates;
            for (var product = 0; product < cell.StateProducts.Count; product++)
            {
                var result = rest[..(cell.Shape.Batch * cell.Shape.Hidden * cell.StateProducts[product].Count)];
                rest = rest[result.Length..];
                products.Multiply(product, cell.Operand(product, memory), result);
                cell.Finish(product, memory, result);
            }

            Emit(cell.Shape, memory, step, y);
        }
    }

    /// <summary>Takes a direction's states from those of all directions.</summary>
    /// <param name="shape">Sizes and directions.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="states">States of all directions.</param>
    /// <param name="own">Takes the states, [sequence][hidden].</param>
    public static void Load(RecurrentShape shape, int direction, ReadOnlySpan<float> states, Span<float> own)
    {
        for (var sequence = 0; sequence < shape.Batch; sequence++)
            states.Slice(shape.StateRow(direction, sequence) * shape.Hidden, shape.Hidden).CopyTo(own[(sequence * shape.Hidden)..]);
    }

    /// <summary>Puts a direction's states among those of all directions.</summary>
    /// <param name="shape">Sizes and directions.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="own">The states, [sequence][hidden].</param>
    /// <param name="states">Takes them, at their places.</param>
    public static void Store(RecurrentShape shape, int direction, ReadOnlySpan<float> own, Span<float> states)
    {
        for (var sequence = 0; sequence < shape.Batch; sequence++)
            own.Slice(sequence * shape.Hidden, shape.Hidden).CopyTo(states[(shape.StateRow(direction, sequence) * shape.Hidden)..]);
    }

    private static void ChooseRows(RecurrentShape shape, in RecurrentMemory memory, int step)
    {
        for (var sequence = 0; sequence < shape.Batch; sequence++)
        {
            var length = memory.Lengths[sequence];
            memory.Rows[sequence] = step >= length ? -1 : shape.InputRow(Position(shape, memory, step, length), sequence);
        }
    }

    /// <summary>The place in its sequence of a step in the direction's order.</summary>
    private static int Position(RecurrentShape shape, in RecurrentMemory memory, int step, int length) => shape.IsReverse[memory.Direction] ? length - 1 - step : step;

    private static void Emit(RecurrentShape shape, in RecurrentMemory memory, int step, Span<float> y)
    {
        for (var sequence = 0; sequence < shape.Batch; sequence++)
        {
            if (memory.Rows[sequence] < 0) continue;
            var row = shape.OutputRow(Position(shape, memory, step, memory.Lengths[sequence]), memory.Direction, sequence);
            memory.State.Slice(sequence * shape.Hidden, shape.Hidden).CopyTo(y[(row * shape.Hidden)..]);
        }
    }
}
