%% The works that make sense in Erlang, each of its actors a gen_server. Prints the figure, and what was seen and was to be seen.
-module(work).
-behaviour(gen_server).
-export([main/2, init/1, handle_call/3, handle_cast/2]).

main(Work, N) ->
    %% The work is done by a process that is no other's: one with an own heap that may grow as it needs.
    Me = self(),
    spawn_link(fun() -> Me ! work(Work, N) end),
    receive {Nanoseconds, Operations, Seen, Expected} ->
        io:format("~f ~b ~b~n", [Nanoseconds / Operations, Seen, Expected])
    end.

work(cast, N) -> messages(fun casts/2, N);
work('cast-four', N) -> messages(fun casts_of_four/2, N);
work(burst, N) -> messages(fun bursts/2, N);
work(call, N) -> messages(fun calls/2, N);
work('callers-one', N) -> Counter = counter(), callers(lists:duplicate(64, Counter), N, fun lists:max/1);
work('callers-many', N) -> callers([counter() || _ <- lists:seq(1, 64)], N, fun lists:sum/1);
work(spawn, N) ->
    Spawn = fun(_) -> Counter = counter(), increment(Counter) end,
    _ = lists:map(Spawn, lists:seq(1, tenth(N))),
    {Time, Counts} = time(fun() -> lists:map(Spawn, lists:seq(1, N)) end),
    {Time, N, lists:sum(Counts), N};
work('spawn-stop', N) ->
    Once = fun(_) -> gen_server:stop(counter()) end,
    lists:foreach(Once, lists:seq(1, tenth(N))),
    {Time, ok} = time(fun() -> lists:foreach(Once, lists:seq(1, N)) end),
    {Time, N, N, N};
work(ring, N) ->
    Nodes = [start({node, Index, self(), none}) || Index <- lists:seq(0, 502)],
    Next = tl(Nodes) ++ [hd(Nodes)],
    lists:foreach(fun({Node, To}) -> gen_server:cast(Node, {next, To}) end, lists:zip(Nodes, Next)),
    Round = fun(Hops) -> gen_server:cast(hd(Nodes), {hop, Hops}), finished() end,
    Round(tenth(N)),
    {Time, Seen} = time(fun() -> Round(N) end),
    {Time, N, Seen, N rem 503};
work(big, N) ->
    Peers = [start({peer, self(), {}, 0, 0}) || _ <- lists:seq(1, 64)],
    lists:foreach(fun(Peer) -> gen_server:cast(Peer, {meet, list_to_tuple(Peers)}) end, Peers),
    Each = (N + 63) div 64,
    Round = fun(Pings) ->
        lists:foreach(fun(Peer) -> gen_server:cast(Peer, {play, Pings}) end, Peers),
        lists:sum([finished() || _ <- Peers])
    end,
    Round(tenth(Each)),
    {Time, Seen} = time(fun() -> Round(Each) end),
    {Time, Each * 64, Seen, Each * 64};
work('fork-join', N) ->
    Me = self(),
    Round = fun(Count) ->
        %% Not by the process that is told: whoever starts an actor looks through all messages that wait.
        Fork = fun(Number) -> gen_server:cast(start({forked, Me}), {tell, Number}) end,
        spawn_link(fun() -> lists:foreach(Fork, lists:seq(1, Count)) end),
        lists:sum([finished() || _ <- lists:seq(1, Count)])
    end,
    Round(tenth(N)),
    {Time, Seen} = time(fun() -> Round(N) end),
    {Time, N, Seen, N * (N + 1) div 2};
work(bank, N) ->
    Accounts = list_to_tuple([start({account, 1000000000}) || _ <- lists:seq(1, 1000)]),
    Each = (N + 63) div 64,
    Transfer = fun() ->
        From = rand:uniform(999),
        To = From + rand:uniform(1000 - From),
        gen_server:call(element(From, Accounts), {transfer, element(To, Accounts), 1}, infinity)
    end,
    Round = fun(Count) -> together([fun() -> repeat(Count, Transfer) end || _ <- lists:seq(1, 64)]) end,
    Round(tenth(Each)),
    {Time, _} = time(fun() -> Round(Each) end),
    Balances = [gen_server:call(Account, balance, infinity) || Account <- tuple_to_list(Accounts)],
    {Time, Each * 64, lists:sum(Balances), 1000000000 * 1000}.

messages(Send, N) ->
    Counter = counter(),
    Send(Counter, tenth(N)),
    {Time, Seen} = time(fun() -> Send(Counter, N) end),
    {Time, N, Seen, tenth(N) + N}.

casts(Counter, N) ->
    repeat(N - 1, fun() -> gen_server:cast(Counter, {add, 1}) end),
    increment(Counter).

casts_of_four(Counter, N) ->
    Casts = N - 1,
    Shares = [Casts div 4 + (case Producer < Casts rem 4 of true -> 1; false -> 0 end) || Producer <- [0, 1, 2, 3]],
    together([fun() -> repeat(Share, fun() -> gen_server:cast(Counter, {add, 1}) end) end || Share <- Shares]),
    increment(Counter).

bursts(Counter, N) when N > 101 -> casts(Counter, 101), bursts(Counter, N - 101);
bursts(Counter, N) -> casts(Counter, N).

calls(Counter, 1) -> increment(Counter);
calls(Counter, N) -> increment(Counter), calls(Counter, N - 1).

callers(Counters, N, Total) ->
    Each = (N + 63) div 64,
    Round = fun(Count) -> Total(together([fun() -> calls(Counter, Count) end || Counter <- Counters])) end,
    Round(tenth(Each)),
    {Time, Seen} = time(fun() -> Round(Each) end),
    {Time, Each * 64, Seen, (tenth(Each) + Each) * 64}.

tenth(N) -> (N + 9) div 10.

time(Work) ->
    Begun = erlang:monotonic_time(nanosecond),
    Result = Work(),
    {erlang:monotonic_time(nanosecond) - Begun, Result}.

repeat(0, _) -> ok;
repeat(N, Work) -> Work(), repeat(N - 1, Work).

%% What each of some functions returns, all called at once.
together(Works) ->
    Me = self(),
    Pids = [spawn_link(fun() -> Me ! {self(), Work()} end) || Work <- Works],
    [receive {Pid, Result} -> Result end || Pid <- Pids].

finished() -> receive {finished, Number} -> Number end.

counter() -> start({counter, 0}).

increment(Counter) -> gen_server:call(Counter, increment, infinity).

start(State) -> {ok, Pid} = gen_server:start(?MODULE, State, []), Pid.

init(State) -> {ok, State}.

handle_call(increment, _, {counter, Count}) ->
    {reply, Count + 1, {counter, Count + 1}};
handle_call({transfer, To, Amount}, _, {account, Balance}) ->
    ok = gen_server:call(To, {deposit, Amount}, infinity),
    {reply, ok, {account, Balance - Amount}};
handle_call({deposit, Amount}, _, {account, Balance}) ->
    {reply, ok, {account, Balance + Amount}};
handle_call(balance, _, {account, Balance} = State) ->
    {reply, Balance, State}.

handle_cast({add, N}, {counter, Count}) ->
    {noreply, {counter, Count + N}};
handle_cast({next, Next}, {node, Index, Finished, _}) ->
    {noreply, {node, Index, Finished, Next}};
handle_cast({hop, 0}, {node, Index, Finished, _} = State) ->
    Finished ! {finished, Index},
    {noreply, State};
handle_cast({hop, Hops}, {node, _, _, Next} = State) ->
    gen_server:cast(Next, {hop, Hops - 1}),
    {noreply, State};
handle_cast({meet, All}, {peer, Finished, _, Pings, Pongs}) ->
    {noreply, {peer, Finished, All, Pings, Pongs}};
handle_cast({play, Pings}, {peer, Finished, All, _, _}) ->
    ping_another(All),
    {noreply, {peer, Finished, All, Pings, 0}};
handle_cast({ping, From}, State) ->
    gen_server:cast(From, pong),
    {noreply, State};
handle_cast(pong, {peer, Finished, All, Pings, Pongs}) when Pongs + 1 < Pings ->
    ping_another(All),
    {noreply, {peer, Finished, All, Pings, Pongs + 1}};
handle_cast(pong, {peer, Finished, All, Pings, Pongs}) ->
    Finished ! {finished, Pongs + 1},
    {noreply, {peer, Finished, All, Pings, Pongs + 1}};
handle_cast({tell, Number}, {forked, Finished} = State) ->
    Finished ! {finished, Number},
    {stop, normal, State}.

ping_another(All) ->
    gen_server:cast(element(rand:uniform(tuple_size(All)), All), {ping, self()}).
