using Subbyte.Experiments.Verification;
using Subbyte.Networks;
using Subbyte.Packing;
using Subbyte.Runtime;

namespace Subbyte.Experiments;

/// <summary>A packed network made ready to be timed on noise, one thread.</summary>
internal sealed class PackedContender : IDisposable
{
    private const int StepRuns = 60;

    private readonly SubbyteSession _session;
    private readonly float[] _input;
    private readonly float[] _output;

    /// <summary>Packs a network, writes it and reads it again.</summary>
    /// <param name="network">The network.</param>
    public PackedContender(LowBitNetwork network)
        : this(new SubbyteSession(PackedNetwork.Read(NetworkPacker.Pack(network).ToFile())))
    {
    }

    /// <summary>Takes a session.</summary>
    /// <param name="session">The session, which is closed with this.</param>
    public PackedContender(SubbyteSession session)
    {
        _session = session;
        _input = new float[session.InputLength];
        _output = new float[session.OutputLength];
        // The first word of a vocabulary, where the network takes words.
        if (!session.Network.TakesNumbers) new NormalSamples([_input.Length], 1, seed: 1).Read(0, _input);
        Contender = new OwnContender(() => _session.Run(_input, _output));
    }

    /// <summary>The network as a contender.</summary>
    public IContender Contender { get; }

    /// <summary>Bytes of memory that one run takes.</summary>
    public long RunBytes => _session.RunBytes;

    /// <summary>The network.</summary>
    public PackedNetwork Network => _session.Network;

    /// <summary>The shortest time of each step.</summary>
    /// <returns>Steps in execution order with milliseconds.</returns>
    public IEnumerable<(PackedStep Step, double Milliseconds)> TimeSteps()
    {
        var best = new double[_session.Steps.Count];
        Array.Fill(best, double.PositiveInfinity);
        var times = new double[best.Length];
        for (var run = 0; run < StepRuns; run++)
        {
            _session.Run(_input, _output, times);
            for (var i = 0; i < best.Length; i++) best[i] = Math.Min(best[i], times[i]);
        }

        return _session.Steps.Select((step, i) => (step, best[i]));
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _session.Dispose();
}
