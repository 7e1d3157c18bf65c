using Subbyte.Experiments.Verification;
using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments;

/// <summary>A network made ready to be timed on noise.</summary>
internal sealed class OwnNetwork
{
    private const int StepRuns = 60;

    private readonly ExecutionFrame _frame;
    private readonly float[] _input;

    /// <summary>Compiles the network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Samples of one run.</param>
    public OwnNetwork(LowBitNetwork network, int batch)
    {
        Plan = ExecutionPlan.Compile(network, new ExecutionOptions { Batch = batch });
        _frame = new ExecutionFrame(Plan);
        _input = new float[_frame.Input.Length];
        new NormalSamples([_input.Length], 1, seed: 1).Read(0, _input);
        Contender = new OwnContender(Run);
    }

    /// <summary>The plan.</summary>
    public ExecutionPlan Plan { get; }

    /// <summary>The network as a contender: copies the input, as any caller must, and runs.</summary>
    public IContender Contender { get; }

    /// <summary>Runs once.</summary>
    public void Run()
    {
        _input.CopyTo(_frame.Input.AsSpan<float>());
        _frame.Run();
    }

    /// <summary>The shortest time of each node.</summary>
    /// <returns>Nodes in execution order with milliseconds.</returns>
    public IEnumerable<(NodePlan Plan, double Milliseconds)> TimeSteps()
    {
        var steps = new StepTimes();
        for (var i = 0; i < StepRuns; i++)
        {
            _input.CopyTo(_frame.Input.AsSpan<float>());
            steps.Run(_frame);
        }

        return steps.Shortest;
    }
}
