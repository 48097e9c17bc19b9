/* SPDX-License-Identifier: MIT
 * Asks somebody slow where a call goes, without holding up the others: the request is put aside, a
 * thread of its own asks, and the relay goes on when the answer is there.
 *
 *	cc lookup.c $(pkg-config --cflags --libs wiresip-core) -pthread -o lookup
 *	./lookup udp:127.0.0.1:5060 sip:127.0.0.1:5072
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <wiresip/wiresip.h>

struct question {
	struct question *next;
	struct wsip_suspended request;
	const char *answer;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t asked;
	struct question *first;
} questions = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL };

/* On the request's own thread again. It is NULL when the caller has hung up meanwhile. */
static void go_on(struct wsip_request *request, void *user)
{
	struct question *question = user;

	if (request)
		wsip_relay(request,
			&(struct wsip_relay_options){ .destination = question->answer });
	free(question);
}

/* The thread that asks; a real one would wait for a database here. */
static void *ask(void *answer)
{
	for (;;) {
		struct question *question;

		pthread_mutex_lock(&questions.lock);
		while (!questions.first)
			pthread_cond_wait(&questions.asked, &questions.lock);
		question = questions.first;
		questions.first = question->next;
		pthread_mutex_unlock(&questions.lock);
		question->answer = answer;
		if (wsip_resume(question->request, go_on, question) != WSIP_OK)
			free(question); /* too much is waiting: the caller hears 504 */
	}
	return NULL;
}

static void on_request(struct wsip_request *request, void *user)
{
	struct wsip_name_addr to;
	struct question *question;

	(void)user;
	if (wsip_msg_to(wsip_request_msg(request), &to) == WSIP_OK && to.tag.size > 0) {
		wsip_relay(request, NULL); /* a call that is up follows its route */
		return;
	}
	question = calloc(1, sizeof(*question));
	if (!question) {
		wsip_request_answer(request, 503, NULL);
		return;
	}
	pthread_mutex_lock(&questions.lock);
	question->request = wsip_request_suspend(request);
	question->next = questions.first;
	questions.first = question;
	pthread_cond_signal(&questions.asked);
	pthread_mutex_unlock(&questions.lock);
}

int main(int argc, char **argv)
{
	struct wsip_proxy_error error;
	struct wsip_proxy *proxy;
	pthread_t thread;

	if (argc != 3) {
		fprintf(stderr, "usage: lookup LISTEN DESTINATION\n");
		return 2;
	}
	proxy = wsip_proxy_create(&(struct wsip_proxy_options){ .listen = { argv[1] },
					  .workers = 2,
					  .on_request = on_request },
		&error);
	if (!proxy || pthread_create(&thread, NULL, ask, argv[2]) != 0) {
		fprintf(stderr, "lookup: %s\n", proxy ? "no thread" : error.text);
		return 2;
	}
	printf("lookup listens on %s\n", wsip_proxy_listener(proxy, 0));
	fflush(stdout);
	wsip_proxy_run(proxy);
	return 0; /* the thread may be asking still: all ends with the program */
}
