using Harmony.Core.Envelope;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Modules;

/// <summary>
/// An endpoint whose protocol has a form of its own for errors, such as the OperationOutcome of FHIR. Asked for refusals and faults, which no
/// endpoint shapes otherwise; the adapter chooses the status.
/// </summary>
public interface IErrorForm : IEndpoint
{
    /// <summary>The body of an error that has none; null for none.</summary>
    /// <param name="request">The request that ends in the error.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="requestId">What operators find the request by.</param>
    RefusalContent? ErrorBody(RequestEnvelope request, int status, string requestId);

    /// <summary>Header fields that the error gets beside its own, such as those that let a browser read it.</summary>
    /// <param name="request">The request that ends in the error.</param>
    IEnumerable<HeaderField> ErrorFields(RequestEnvelope request) => [];
}
