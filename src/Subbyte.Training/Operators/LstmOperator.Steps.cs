using System.Numerics.Tensors;
using Subbyte.Kernels;

namespace Subbyte.Training;

/// <content>One step of one sample.</content>
internal sealed partial class LstmOperator
{
    /// <summary>A step forward: <c>c ← f·c + i·g</c>, <c>h ← o·tanh(c)</c>.</summary>
    /// <param name="sample">Place of the sample in the batch.</param>
    /// <param name="step">The step.</param>
    /// <param name="sums">Sums of the gates with the state; changed.</param>
    private void Advance(int sample, int step, Span<float> sums)
    {
        var row = (sample * _steps) + step;
        var gates = _gates.AsSpan(row * 4 * _hidden, 4 * _hidden);
        TensorPrimitives.Add(gates, sums, gates);
        Transcendental.Sigmoid(gates[..(3 * _hidden)], gates[..(3 * _hidden)]);
        Transcendental.Tanh(gates[(3 * _hidden)..], gates[(3 * _hidden)..]);
        var cell = _cellState.AsSpan(sample * _hidden, _hidden);
        TensorPrimitives.Multiply(cell, Gate(gates, 2), cell);
        TensorPrimitives.FusedMultiplyAdd(Gate(gates, 0), Gate(gates, 3), cell, cell);
        cell.CopyTo(_cells.AsSpan(row * _hidden));
        var state = _state.AsSpan(sample * _hidden, _hidden);
        Transcendental.Tanh(cell, state);
        TensorPrimitives.Multiply(state, Gate(gates, 1), state);
        state.CopyTo(Output.Values(sample, 1)[(step * _hidden)..]);
    }

    /// <summary>A step back.</summary>
    /// <param name="sample">Place of the sample in the batch.</param>
    /// <param name="step">The step.</param>
    /// <param name="stateGradient">Gradient of the state that the next step brought back.</param>
    /// <param name="cellGradient">Gradient of the cell that the next step brought back; becomes that of the cell before this step.</param>
    /// <param name="gradient">Takes the gradients of the gates before their functions.</param>
    /// <param name="room">Memory for twice the cells.</param>
    private void Retreat(int sample, int step, ReadOnlySpan<float> stateGradient, Span<float> cellGradient, Span<float> gradient, Span<float> room)
    {
        var row = (sample * _steps) + step;
        var gates = _gates.AsSpan(row * 4 * _hidden, 4 * _hidden);
        var before = step == 0 ? _firstCells.AsSpan(sample * _hidden, _hidden) : _cells.AsSpan((row - 1) * _hidden, _hidden);
        var dh = room[.._hidden];
        var tanh = room.Slice(_hidden, _hidden);
        TensorPrimitives.Add(stateGradient, Output.Gradient(sample, 1).Slice(step * _hidden, _hidden), dh);
        Transcendental.Tanh(_cells.AsSpan(row * _hidden, _hidden), tanh);
        TensorPrimitives.Multiply(dh, tanh, Gate(gradient, 1));
        TensorPrimitives.Multiply(dh, Gate(gates, 1), dh);
        ActivationGradient.Tanh(tanh, dh, accumulate: true, cellGradient);
        TensorPrimitives.Multiply(cellGradient, Gate(gates, 3), Gate(gradient, 0));
        TensorPrimitives.Multiply(cellGradient, before, Gate(gradient, 2));
        TensorPrimitives.Multiply(cellGradient, Gate(gates, 0), Gate(gradient, 3));
        TensorPrimitives.Multiply(cellGradient, Gate(gates, 2), cellGradient);
        var sigmoids = gradient[..(3 * _hidden)];
        ActivationGradient.Sigmoid(gates[..(3 * _hidden)], sigmoids, accumulate: false, sigmoids);
        ActivationGradient.Tanh(Gate(gates, 3), Gate(gradient, 3), accumulate: false, Gate(gradient, 3));
    }

    private Span<float> Gate(Span<float> gates, int index) => gates.Slice(index * _hidden, _hidden);
}
