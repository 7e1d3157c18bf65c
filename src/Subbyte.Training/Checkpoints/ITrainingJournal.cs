using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>Where a training leaves what it needs to go on after an interruption, and is told how it goes.</summary>
public interface ITrainingJournal
{
    /// <summary>What the training is: network, data, options. A checkpoint of another identity is refused.</summary>
    string Identity { get; }

    /// <summary>How often checkpoints are written at least, beside those at the end of an epoch.</summary>
    TimeSpan Interval { get; }

    /// <summary>Opens the latest checkpoint.</summary>
    /// <returns>The stream, or null where there is none.</returns>
    Stream? OpenCheckpoint();

    /// <summary>Keeps a checkpoint in place of the one before; atomically, so that a kill at any moment leaves one of them whole.</summary>
    /// <param name="write">Writes it.</param>
    void SaveCheckpoint(Action<Stream> write);

    /// <summary>An epoch, or a phase without epochs, has ended and been judged.</summary>
    /// <param name="history">All epochs so far.</param>
    /// <param name="isBest">Whether its network is the best so far.</param>
    /// <param name="network">Gives the network as it is now.</param>
    void EpochEnded(IReadOnlyList<EpochMetrics> history, bool isBest, Func<Network> network);
}
