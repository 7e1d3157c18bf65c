using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>LSTM: gates input, output, forget and cell; C' = f∘C + i∘c, H' = o∘h(C'), with peepholes where they are given.</summary>
internal sealed class LstmOperator() : OperatorDefinition("LSTM", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var layer = new RecurrentLayer(context, 4, "Sigmoid", "Tanh", "Tanh");
        layer.Check(6, layer.State.Dimensions.ToArray());
        layer.Check(7, [layer.Directions, 3 * layer.Hidden]);
        return new LstmPlan(layer, context.Node.Integer("input_forget", 0) != 0);
    }

    private sealed class LstmPlan(RecurrentLayer layer, bool couplesForget)
        : RecurrentPlan(layer, [GateProduct.OfState(layer, "state", 0, 4)], layer.Output, layer.State, layer.State)
    {
        protected override void Step(in RecurrentMemory memory, ReadOnlySpan<Tensor?> inputs)
        {
            StateProducts[0].Multiply(memory.State, inputs[2]!, memory, memory.StateGates);
            var hidden = Layer.Hidden;
            var peepholes = inputs.Length > 7 && inputs[7] is { } given ? given.AsSpan<float>().Slice(memory.Direction * 3 * hidden, 3 * hidden) : [];
            for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
            {
                if (memory.Rows[sequence] < 0) continue;
                var gates = memory.Gates.Slice(memory.Rows[sequence] * Width, Width);
                Add(gates, memory.StateGates.Slice(sequence * Width, Width), memory.Bias[Width..]);
                Advance(gates, peepholes, memory.Activations, memory.State.Slice(sequence * hidden, hidden), memory.Cell.Slice(sequence * hidden, hidden));
            }
        }

        private void Advance(Span<float> gates, ReadOnlySpan<float> peepholes, GateActivation[] activations, Span<float> state, Span<float> cell)
        {
            var hidden = cell.Length;
            var input = gates[..hidden];
            var output = gates.Slice(hidden, hidden);
            var forget = gates.Slice(2 * hidden, hidden);
            var candidate = gates.Slice(3 * hidden, hidden);
            if (!peepholes.IsEmpty)
            {
                Peep(input, peepholes[..hidden], cell);
                Peep(forget, peepholes[(2 * hidden)..], cell);
            }

            Activate(input, activations[0]);
            Activate(forget, activations[0]);
            Activate(candidate, activations[1]);
            for (var k = 0; k < hidden; k++)
            {
                var kept = couplesForget ? 1 - input[k] : forget[k];
                cell[k] = (kept * cell[k]) + (input[k] * candidate[k]);
            }

            if (!peepholes.IsEmpty) Peep(output, peepholes.Slice(hidden, hidden), cell);
            Activate(output, activations[0]);
            cell.CopyTo(state);
            activations[2].Apply(state);
            for (var k = 0; k < hidden; k++) state[k] *= output[k];
        }

        private static void Peep(Span<float> gate, ReadOnlySpan<float> weights, ReadOnlySpan<float> cell)
        {
            for (var k = 0; k < gate.Length; k++) gate[k] += weights[k] * cell[k];
        }
    }
}
