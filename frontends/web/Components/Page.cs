using ExamPlatform.Web.Gateways;
using Microsoft.AspNetCore.Components;

namespace ExamPlatform.Web.Components;

/// <summary>What every page has: the gateway, the request, what is wrong.</summary>
public abstract class Page : ComponentBase
{
    [Inject] protected Gateway Gateway { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    private bool changedMeanwhile;

    protected Errors Errors { get; } = new();

    /// <summary>Asks for what the page shows. Nothing is drawn before it is there.</summary>
    protected virtual Task Load() => Task.CompletedTask;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Load();
        await base.SetParametersAsync(ParameterView.Empty);
        if (IsPost) await AnswerFormThatIsGone();
    }

    /// <summary>Where somebody goes whose form is no longer on the page: it was sent twice, or from a page of before.</summary>
    protected virtual string WhenGone => Http.Request.Path;

    /// <summary>Blazor would answer a bare 400. The person is shown how things stand now, and told why.</summary>
    private async Task AnswerFormThatIsGone()
    {
        await Task.Yield(); // a page that asked for nothing is drawn only now
        if (!DrawnForms.Of(Http).Contains(Posted("_handler"))) throw new FormGoneException(WhenGone + (Http.Request.Query.ContainsKey("gone") ? Http.Request.QueryString : Http.Request.QueryString.Add("gone", "yes")));
    }

    protected bool IsPost => HttpMethods.IsPost(Http.Request.Method);

    /// <summary>What was sent in a field, without blanks around it; empty where nothing was.</summary>
    protected string Posted(string name) => IsPost && Http.Request.HasFormContentType ? Http.Request.Form[name].ToString().Trim() : "";

    /// <summary>What the field shows: what was just sent, else what is saved.</summary>
    protected string? Value(string name, string? saved) => IsPost && Http.Request.HasFormContentType && Http.Request.Form.ContainsKey(name) ? Posted(name) : saved;

    /// <summary>The version that a change names: the one the person saw. After a conflict has been told, the present one: sent again, it is meant.</summary>
    protected string? VersionSeen(string? present) => changedMeanwhile ? present : Value("version", present);

    protected void GoTo(string address) => Navigation.NavigateTo(address);

    /// <summary>The page says what is wrong: faults at their fields, a refusal at the top.</summary>
    /// <param name="field">The input that a fault is about, and its title; null where the page has no such input.</param>
    protected void Tell(Problem problem, Func<Fault, (string Field, string Title)?>? field = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        changedMeanwhile = problem.Status == StatusCodes.Status412PreconditionFailed;
        if (problem.Faults.Count == 0) Errors.Add("", Refusals.Words(problem));
        foreach (var fault in problem.Faults)
        {
            var at = field?.Invoke(fault);
            Errors.Add(at?.Field ?? "", Refusals.Words(fault, at?.Title ?? ""));
        }
        Http.Response.StatusCode = problem.Status == StatusCodes.Status400BadRequest ? StatusCodes.Status422UnprocessableEntity : problem.Status;
    }
}
