namespace Subbyte.Training;

/// <content>How a training is kept and taken up again.</content>
internal sealed partial class TrainingRun
{
    private double _savedSeconds;

    private IEnumerable<float[]> Arrays => [.. _graph.State, .. _optimizer.State, .. _best ?? [], .. _ends.SelectMany(end => end)];

    private void SaveCheckpoint()
    {
        _sinceCheckpoint.Restart();
        if (_options.Journal is not { } journal) return;
        _position.Identity = journal.Identity;
        _position.Seconds += _clock.Elapsed.TotalSeconds - _savedSeconds;
        _savedSeconds = _clock.Elapsed.TotalSeconds;
        journal.SaveCheckpoint(stream => Checkpoint.Write(stream, _position, Arrays));
    }

    /// <summary>Goes back to the latest checkpoint.</summary>
    /// <returns>False when there is none.</returns>
    private bool Resume()
    {
        using var stream = _options.Journal?.OpenCheckpoint();
        if (stream is null) return false;
        _position = Checkpoint.Read(stream, position =>
        {
            if (position.Identity != _options.Journal!.Identity)
                throw new UserErrorException("the checkpoint is of another training (network, data, or options differ); choose another folder, or delete it to start anew");
            if (position.HasBest) _best = _graph.Snapshot();
            for (var phase = 0; _options.Methods.Plan is not null && phase < position.Ends.Count; phase++) _ends.Add(_graph.Snapshot());
            return Arrays;
        });
        _graph.Restored();
        _optimizer.Resume(_position.PhaseSteps);
        // The order of an epoch is that of the one before, shuffled; the one that was broken off is shuffled when it goes on.
        for (var epoch = 1; epoch <= _position.Epochs; epoch++) Shuffle(epoch);
        return true;
    }
}
