using Harmony.Dicom.Data;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>
/// The matches of a query whose first has been waited for, to be gone through once. Who stops early has it cancelled, and does not wait for the end of that.
/// </summary>
/// <param name="matches">The matches.</param>
/// <param name="isThere">Whether there was a first.</param>
internal sealed class FoundOnce(MatchReader matches, bool isThere) : IAsyncEnumerable<DicomDataSet>, IAsyncDisposable
{
    private bool _isThere = isThere;

    public async IAsyncEnumerator<DicomDataSet> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        try
        {
            while (_isThere)
            {
                yield return matches.Current;
                _isThere = await matches.MoveNextAsync();
            }
        }
        finally
        {
            // One that has come to its end gives its association back at once, for the next query to use.
            if (!_isThere) await matches.DisposeAsync();
            else _ = EndAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => matches.DisposeAsync();

    /// <summary>A system may go on for long before it heeds C-CANCEL; the association is given back then.</summary>
    private async Task EndAsync()
    {
        await Task.Yield();
        await matches.DisposeAsync();
    }
}
