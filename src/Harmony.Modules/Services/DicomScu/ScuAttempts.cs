using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;
using Harmony.Modules.Dicom;
using Harmony.Modules.Services.Http.Targets;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Harmony.Modules.Services.DicomScu;

/// <summary>Rents an association for an operation, and tries again where that does no harm and may help.</summary>
internal sealed class ScuAttempts
{
    private readonly NodeAssociations _associations;
    private readonly string _backend;
    private readonly int _maxRetries;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline? _retry;

    /// <param name="backend">Name of the backend.</param>
    /// <param name="maxRetries">Further tries.</param>
    /// <param name="associations">The associations with its node.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Takes a line for each further try.</param>
    public ScuAttempts(string backend, int maxRetries, NodeAssociations associations, TimeProvider clock, ILogger logger)
    {
        (_backend, _maxRetries, _associations, _logger) = (backend, maxRetries, associations, logger);
        _retry = maxRetries == 0 ? null : RetryPipeline(clock);
    }

    /// <summary>Does an operation that may be repeated: until its answer begins to come, nothing has happened that a second time would spoil.</summary>
    /// <param name="operation">Its kind, for the log.</param>
    /// <param name="contexts">What it needs.</param>
    /// <param name="run">Does it; gives the association back itself if it returns with it still in use.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="DicomNetworkException">It failed, and so did the further tries.</exception>
    public ValueTask<T> RepeatableAsync<T>(
        DimseOperation operation, IReadOnlyList<ContextProposal> contexts, Func<PooledAssociation, CancellationToken, ValueTask<T>> run, CancellationToken ct)
        => TriedAsync(operation, inner => RunAsync(contexts, run, inner), ct);

    /// <summary>An association for an operation that cannot be repeated; only the making of the association is.</summary>
    /// <exception cref="DicomNetworkException">There is none to be had.</exception>
    public ValueTask<PooledAssociation> RentAsync(DimseOperation operation, IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
        => TriedAsync(operation, inner => _associations.RentAsync(contexts, inner), ct);

    /// <summary>An association that was used before may have ended unnoticed, which says nothing about the other side: that costs no try.</summary>
    private async ValueTask<T> RunAsync<T>(IReadOnlyList<ContextProposal> contexts, Func<PooledAssociation, CancellationToken, ValueTask<T>> run, CancellationToken ct)
    {
        while (true)
        {
            var rented = await _associations.RentAsync(contexts, ct);
            try
            {
                return await run(rented, ct);
            }
            catch (AssociationEndedException) when (rented.IsReused)
            {
                await rented.DisposeAsync();
            }
            catch (Exception e)
            {
                await rented.DisposeAsync();
                if (e is AssociationTimeoutException timeout) throw new NoAnswerException(timeout);
                throw;
            }
        }
    }

    private async ValueTask<T> TriedAsync<T>(DimseOperation operation, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken ct)
    {
        if (_retry is null) return await attempt(ct);
        var context = ResilienceContextPool.Shared.Get(operation.Name(), ct);
        try
        {
            return await _retry.ExecuteAsync(static (c, attempt) => attempt(c.CancellationToken), context, attempt);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline RetryPipeline(TimeProvider clock) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = static args => new ValueTask<bool>(args.Outcome.Exception is DicomNetworkException { IsTransient: true }),
            MaxRetryAttempts = _maxRetries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(2),
            OnRetry = args =>
            {
                TargetMetrics.Retried(_backend);
                DicomScuLog.Retrying(_logger, _backend, args.Context.OperationKey ?? "", args.AttemptNumber + 1, _maxRetries, ScuFaults.Words(args.Outcome.Exception!));
                return default;
            },
        })
        .Build();
}
