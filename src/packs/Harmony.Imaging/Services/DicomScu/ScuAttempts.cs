using Harmony.Core.Diagnostics;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network;
using Harmony.Http.Services.Targets;
using Harmony.Imaging.Dicom;
using Microsoft.Extensions.Logging;
using Polly.Retry;
using Polly;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>Asks a target, and again, the same or another, where that does no harm and may help.</summary>
internal sealed class ScuAttempts
{
    private static readonly ResiliencePropertyKey<TargetChoice> ChoiceKey = new("harmony.target_choice");
    private static readonly ResiliencePropertyKey<long> StartedKey = new("harmony.started");

    private readonly TargetGroup<DicomTarget> _targets;
    private readonly int _maxRetries;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline? _retry;

    /// <param name="targets">The targets.</param>
    /// <param name="maxRetries">Further tries.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Takes a line for each further try.</param>
    public ScuAttempts(TargetGroup<DicomTarget> targets, int maxRetries, TimeProvider clock, ILogger logger)
    {
        (_targets, _maxRetries, _clock, _logger) = (targets, maxRetries, clock, logger);
        _retry = maxRetries == 0 ? null : RetryPipeline();
    }

    /// <summary>Does an operation that may be repeated: until its answer begins to come, nothing has happened that a second time would spoil.</summary>
    /// <param name="operation">Its kind, for the log.</param>
    /// <param name="choice">The targets.</param>
    /// <param name="contexts">What it needs.</param>
    /// <param name="run">Does it; gives the association back itself if it returns with it still in use.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="DicomNetworkException">It failed, and so did the further tries.</exception>
    public ValueTask<T> RepeatableAsync<T>(
        DimseOperation operation, TargetChoice choice, IReadOnlyList<ContextProposal> contexts, Func<RentedAssociation, CancellationToken, ValueTask<T>> run,
        CancellationToken ct)
        => RepeatableAsync(operation, choice, (target, inner) => OnAssociationAsync(target, contexts, run, inner), ct);

    /// <summary>The same for an operation that needs more than an association: <paramref name="attempt"/> does what a try takes.</summary>
    /// <exception cref="DicomNetworkException">It failed, and so did the further tries.</exception>
    public async ValueTask<T> RepeatableAsync<T>(DimseOperation operation, TargetChoice choice, Func<DicomTarget, CancellationToken, ValueTask<T>> attempt,
        CancellationToken ct)
    {
        if (_retry is null) return await TryAsync(choice, attempt, _clock, ct);
        var context = ResilienceContextPool.Shared.Get(operation.Name(), ct);
        context.Properties.Set(ChoiceKey, choice);
        context.Properties.Set(StartedKey, _clock.GetTimestamp());
        try
        {
            return await _retry.ExecuteAsync(static (c, state) => TryAsync(state.choice, state.attempt, state._clock, c.CancellationToken), context,
                (choice, attempt, _clock));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>
    /// Does something on an association. One that was used before may have ended unnoticed, which says nothing about the other side: that costs no try.
    /// </summary>
    public static async ValueTask<T> OnAssociationAsync<T>(
        DicomTarget target, IReadOnlyList<ContextProposal> contexts, Func<RentedAssociation, CancellationToken, ValueTask<T>> run, CancellationToken ct)
    {
        while (true)
        {
            var rented = await target.RentAsync(contexts, ct);
            try
            {
                return await run(rented, ct);
            }
            catch (AssociationEndedException) when (rented.IsReused && !ct.IsCancellationRequested)
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

    /// <summary>Notes that a target broke off in the middle of a response.</summary>
    public static void BrokeOff(DicomTarget target, string reason) => target.Failed(reason);

    private static async ValueTask<T> TryAsync<T>(
        TargetChoice choice, Func<DicomTarget, CancellationToken, ValueTask<T>> attempt, TimeProvider clock, CancellationToken ct)
    {
        var target = choice.Next();
        var started = clock.GetTimestamp();
        using var span = choice.IsTraced ? HarmonyTrace.Step("target", target.Name, isCall: true) : null;
        try
        {
            var result = await attempt(target, ct);
            target.Health.Succeeded();
            target.Answered(clock.GetElapsedTime(started));
            choice.Answered();
            return result;
        }
        catch (Exception e)
        {
            span.Failed(e);
            Note(e, target, choice, clock.GetElapsedTime(started), ct);
            throw;
        }
    }

    private static void Note(Exception e, DicomTarget target, TargetChoice choice, TimeSpan took, CancellationToken ct)
    {
        if (e is DimseException or NoPresentationContextException or ObjectEncodingException) target.Health.Succeeded(); // no success, but an answer
        if (e is DimseException or NoPresentationContextException) target.Answered(took);
        if (e is SilentSystemException) choice.Failed(); // it was not asked: another may be
        if (!ScuFaults.IsUnanswered(e) || ct.IsCancellationRequested) return;
        target.Failed(ScuFaults.Words(e));
        choice.Failed();
    }

    private ResiliencePipeline RetryPipeline() => new ResiliencePipelineBuilder { TimeProvider = _clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is { } e && IsWorthATry(e, args.Context)),
            MaxRetryAttempts = _maxRetries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(2),
            OnRetry = args =>
            {
                TargetMetrics.Retried(_targets.Backend);
                var reason = ScuFaults.Words(args.Outcome.Exception!);
                DicomScuLog.Retrying(_logger, _targets.Backend, args.Context.OperationKey ?? "", args.AttemptNumber + 1, _maxRetries, reason);
                return default;
            },
        })
        .Build();

    /// <summary>
    /// What one target will not do, at no time, another may; one that lets requests wait in vain is not asked again. All tries begin within the time that one
    /// may take.
    /// </summary>
    private bool IsWorthATry(Exception e, ResilienceContext context)
    {
        var choice = context.Properties.GetValue(ChoiceKey, null!);
        if (choice.Current is { } target && _clock.GetElapsedTime(context.Properties.GetValue(StartedKey, 0)) >= target.Node.Timeout) return false;
        if (choice.MayMove && ScuFaults.IsTurnedAway(e)) return true;
        return e is DicomNetworkException { IsTransient: true } && (choice.MayMove || choice.Current is not { IsSilent: true });
    }
}

/// <summary>The other side was asked and did not answer in time. It may be at work still, so it is not asked again.</summary>
/// <param name="timeout">How long it had.</param>
internal sealed class NoAnswerException(AssociationTimeoutException timeout) : DicomNetworkException(timeout.Message, timeout);

/// <summary>A store failed, and another try might succeed; but the beginning of the object is not there any more.</summary>
/// <param name="cause">How it failed.</param>
internal sealed class SpentObjectException(DicomNetworkException cause)
    : DicomNetworkException($"{cause.Message}; so much of the object was sent that it cannot be sent again", cause);
